"""Takes all memory that there is."""

hoard = []
while True:
    hoard.append(bytearray(16 * 2**20))

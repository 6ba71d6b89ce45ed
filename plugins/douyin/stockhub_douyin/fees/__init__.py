"""What Douyin takes and what it makes a shop pay, as dated rates."""

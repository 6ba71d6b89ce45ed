"""`/exports/` lists the files; `/exports/<name>.<format>` is one."""

from django.urls import path, re_path

from stockhub.exports import view

app_name = "exports"
urlpatterns = [
    path("", view.listed, name="list"),
    re_path(r"^(?P<name>[a-z][a-z0-9-]{0,39})\.(?P<suffix>[a-z]{1,10})$", view.file, name="file"),
]

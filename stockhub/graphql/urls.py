"""The one address of the API."""

from django.urls import path

from stockhub.graphql.endpoint import graphql

urlpatterns = [path("", graphql, name="graphql")]

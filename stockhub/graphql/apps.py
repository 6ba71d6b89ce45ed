from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GraphqlConfig(AppConfig):
    name = "stockhub.graphql"
    #: `graphql` is the name of a library that is not ours.
    label = "graphql_api"
    verbose_name = _("GraphQL API")

"""The envelope of the web API's lists."""

from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response


class Pages(PageNumberPagination):
    page_size = 10
    page_size_query_param = "page_size"
    max_page_size = 1000

    def get_paginated_response(self, data: Any) -> Response:
        following, previous = self.get_next_link(), self.get_previous_link()
        count = self.page.paginator.count
        return Response({"count": count, "next": following, "previous": previous, "msg": "", "code": 0, "data": data})

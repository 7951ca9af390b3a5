"""The four endpoints that are compared."""

from typing import Any

from django.contrib.auth.hashers import check_password
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import generics, permissions, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.tokens import AccessToken

from benchmarks.drf.models import Employee, Transaction
from benchmarks.drf.passwords import as_django
from benchmarks.drf.serializers import (
    EmployeeSerializer,
    LoginSerializer,
    PunchSerializer,
    TransactionSerializer,
)

ADMINISTRATOR = 2
APP = "App"
FROM_APP = 3
ORDERS = {"id", "-id", "punch_time", "-punch_time"}


class IsAdministrator(permissions.IsAuthenticated):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(super().has_permission(request, view)) and request.user.app_role == ADMINISTRATOR


class TransactionList(generics.ListAPIView):
    permission_classes = (IsAdministrator,)
    serializer_class = TransactionSerializer

    def get_queryset(self) -> "QuerySet[Transaction]":
        asked = self.request.query_params
        found = Transaction.objects.filter(company_id=self.request.user.company_id)
        for name, lookup in (
            ("emp_code", "emp_code"),
            ("start_time", "punched_at__gte"),
            ("end_time", "punched_at__lte"),
        ):
            if asked.get(name):
                found = found.filter(**{lookup: asked[name]})
        order = asked.get("ordering")
        return found.order_by(order.replace("punch_time", "punched_at") if order in ORDERS else "id")


class EmployeeList(generics.ListAPIView):
    permission_classes = (IsAdministrator,)
    serializer_class = EmployeeSerializer

    def get_queryset(self) -> "QuerySet[Employee]":
        mine = Employee.objects.filter(company_id=self.request.user.company_id, is_active=True)
        return mine.select_related("department", "position").order_by("number")


class ClockIn(APIView):
    def post(self, request: Request) -> Response:
        asked = PunchSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        now, caller = timezone.now(), request.user
        Transaction.objects.create(
            company_id=caller.company_id,
            employee_id=caller.id,
            emp_code=caller.emp_code,
            punched_at=now.replace(microsecond=0),
            uploaded_at=now,
            source=FROM_APP,
            terminal_sn=APP,
            **asked.validated_data,
        )
        return Response(_build_receipt(request.data, caller, now), status.HTTP_201_CREATED)


def _build_receipt(asked: Any, caller: Employee, now: Any) -> dict[str, object]:
    wall = timezone.localtime(now)
    return {
        "latitude": str(asked["latitude"]),
        "longitude": str(asked["longitude"]),
        "punch_state": asked["punch_state"],
        "source": FROM_APP,
        "emp_code": caller.emp_code,
        "terminal_sn": APP,
        "gps_location": asked.get("gps_location"),
        "emp_id": caller.id,
        "punch_time": f"{wall:%Y-%m-%d %H:%M:%S}",
        "upload_time": wall.replace(tzinfo=None).isoformat(),
        "status_code": status.HTTP_201_CREATED,
        "message": [],
    }


class Login(APIView):
    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        asked = LoginSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        found = Employee.objects.filter(company__name=given["company"], email_key=given["email"].casefold())
        employee = found.filter(is_active=True).first()
        if employee is None or not check_password(given["password"], as_django(employee.self_password)):
            raise ValidationError({"non_field_errors": ["Unable to log in with provided credentials."]})
        return Response({"token": str(AccessToken.for_user(employee))})

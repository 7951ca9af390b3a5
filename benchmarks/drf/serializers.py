"""The manual's rows and bodies."""

from datetime import UTC

from rest_framework import serializers

from benchmarks.drf.models import Employee, Transaction

SECONDS = "%Y-%m-%d %H:%M:%S"


class TransactionSerializer(serializers.ModelSerializer):
    punch_time = serializers.DateTimeField(source="punched_at", format=SECONDS)
    punch_state = serializers.CharField()
    purpose = serializers.ReadOnlyField()
    crc = serializers.ReadOnlyField()
    is_attendance = serializers.ReadOnlyField()
    reserved = serializers.ReadOnlyField()
    upload_time = serializers.DateTimeField(source="uploaded_at", format=SECONDS, default_timezone=UTC)
    sync_status = serializers.ReadOnlyField()
    sync_time = serializers.ReadOnlyField()
    company = serializers.CharField(source="company_id")
    emp = serializers.CharField(source="employee_id")
    terminal = serializers.IntegerField(source="terminal_id")

    class Meta:
        model = Transaction
        fields = (
            *("id", "emp_code", "punch_time", "punch_state", "verify_type", "work_code", "terminal_sn"),
            *("terminal_alias", "area_alias", "longitude", "latitude", "gps_location", "mobile", "source", "purpose"),
            *("crc", "is_attendance", "reserved", "upload_time", "sync_status", "sync_time", "temperature"),
            *("mask_flag", "company", "emp", "terminal"),
        )


class EmployeeSerializer(serializers.ModelSerializer):
    dept_name = serializers.CharField(source="department.dept_name")
    department = serializers.IntegerField(source="department_id")
    position = serializers.IntegerField(source="position_id")
    position_name = serializers.CharField(source="position.position_name")

    class Meta:
        model = Employee
        fields = (
            *("id", "emp_code", "first_name", "last_name", "hire_date"),
            *("dept_name", "department", "position", "position_name", "contact_tel", "mobile"),
        )


class PunchSerializer(serializers.Serializer):
    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    punch_state = serializers.ChoiceField(["0", "1", "2", "3", "4", "5", "255"])
    gps_location = serializers.CharField(max_length=1000, required=False, allow_null=True)


class LoginSerializer(serializers.Serializer):
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)
    company = serializers.CharField(max_length=200)

"""The gateway's tables, as far as these endpoints need them. Whoever calls is an employee, as in the gateway."""

from django.db import models


class Company(models.Model):
    id = models.CharField(max_length=36, primary_key=True)
    name = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "companies"


class Department(models.Model):
    dept_name = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "departments"


class Position(models.Model):
    position_name = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "positions"


class Employee(models.Model):
    number = models.IntegerField(unique=True)
    id = models.CharField(max_length=36, primary_key=True)
    company = models.ForeignKey(Company, models.PROTECT)
    emp_code = models.CharField(max_length=50)
    first_name = models.CharField(max_length=200)
    last_name = models.CharField(max_length=200, null=True)
    email_key = models.CharField(max_length=254, null=True)
    hire_date = models.DateField(null=True)
    department = models.ForeignKey(Department, models.PROTECT)
    position = models.ForeignKey(Position, models.PROTECT, null=True)
    contact_tel = models.TextField(null=True)
    mobile = models.TextField(null=True)
    app_role = models.SmallIntegerField()
    is_active = models.BooleanField(db_column="active")
    self_password = models.TextField()

    is_authenticated = True
    is_anonymous = False
    USERNAME_FIELD = "number"
    REQUIRED_FIELDS: tuple[str, ...] = ()

    class Meta:
        managed = False
        db_table = "employees"


class Transaction(models.Model):
    company = models.ForeignKey(Company, models.PROTECT)
    employee = models.ForeignKey(Employee, models.PROTECT, null=True)
    emp_code = models.CharField(max_length=50)
    punched_at = models.DateTimeField()
    uploaded_at = models.DateTimeField()
    punch_state = models.SmallIntegerField()
    source = models.SmallIntegerField()
    work_code = models.CharField(max_length=50, null=True)
    terminal_sn = models.CharField(max_length=50, null=True)
    terminal_alias = models.CharField(max_length=200, null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    gps_location = models.TextField(null=True)
    terminal_id = models.IntegerField(null=True)
    area_alias = models.CharField(max_length=200, null=True)
    verify_type = models.SmallIntegerField(default=0)
    mobile = models.CharField(max_length=50, null=True)
    temperature = models.FloatField(null=True)
    mask_flag = models.SmallIntegerField(null=True)

    # The same in every row.
    purpose = 9
    crc = "0"
    is_attendance = None
    reserved = None
    sync_status = None
    sync_time = None

    class Meta:
        managed = False
        db_table = "transactions"

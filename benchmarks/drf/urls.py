"""The gateway's paths."""

from django.urls import path

from benchmarks.drf import views

urlpatterns = [
    path("iclock/api/transactions/", views.TransactionList.as_view()),
    path("personnel/api/employees/", views.EmployeeList.as_view()),
    path("mobile/api/v1.0/transactions/", views.ClockIn.as_view()),
    path("staff-jwt-api-token-auth/", views.Login.as_view()),
]

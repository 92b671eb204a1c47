"""How background work stands, without a word of what it works on."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View
from django_tasks_db.models import DBTaskResult

from workplace.accounts.access import person, require_anywhere
from workplace.accounts.permissions import Permission
from workplace.jobs.queue import label_of

_A_PAGE = 50


class JobList(View):
    """All jobs that are still kept, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require_anywhere(person(request), Permission.MANAGE_ACCOUNTS)
        jobs = DBTaskResult.objects.order_by("-enqueued_at").only(
            "task_path", "status", "enqueued_at", "started_at", "finished_at", "worker_ids"
        )
        page = Paginator(jobs, _A_PAGE).get_page(request.GET.get("page"))
        rows = [(label_of(found.task_path), found, len(found.worker_ids)) for found in page]
        return render(request, "jobs/list.html", {"page": page, "rows": rows})

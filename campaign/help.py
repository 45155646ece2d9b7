"""Help: the same short text behind the `?` of a page and on `/help/<slug>`."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

#: slug -> what its page is called; the texts are `templates/help/<slug>.html`. Order = order of the index.
TOPICS = {
    "start": "第一天怎么用",
    "desk": "工作台",
    "inbox": "待办",
    "ledger": "任务台账",
    "task": "一项任务",
    "import": "导入台账",
    "reader": "讲话拆解与对账",
    "overdue": "逾期督办",
    "verify": "销号核验",
    "orders": "整改单",
    "sightings": "登记问题和随手拍",
    "readiness": "迎检",
    "drafts": "签发督察单",
    "recheck": "复查",
    "answer": "拍照答复",
    "my": "联络员填报",
    "places": "点位与检查清单",
    "rounds": "巡查轮次",
    "patrol": "手机巡查",
    "briefing": "每周简报",
    "circulars": "督查通报和曝光清单",
    "read": "领导一页通",
    "search": "搜索",
    "units": "单位与人员",
    "mail": "发件记录",
    "settings": "设置",
    "account": "账号与安全",
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "campaign/help.html", {"topics": TOPICS, "slug": "start"})


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in TOPICS:
        raise Http404("没有这一篇说明。")
    return render(request, "campaign/help.html", {"topics": TOPICS, "slug": slug})


@login_not_required
@require_safe
def kit(request: HttpRequest) -> HttpResponse:
    """The kit on one page, for those who build with it; only while developing."""
    if not settings.DEBUG:
        raise Http404("没有这一页。")
    sources = sorted(Path(settings.BASE_DIR, "templates", "components").glob("[!_]*.html"))
    return render(
        request,
        "campaign/kit.html",
        {
            "sources": [source.stem for source in sources],
            "marks": ["done"] * 5 + ["missed", "done", "now"] + ["todo"] * 4,
        },
    )

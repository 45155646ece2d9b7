"""The workbook of a page that first shows what a file would do: chosen once, then kept between the steps by its hash."""

from django.http import HttpRequest

from campaign import attachments, clock
from campaign.attachments import Upload
from campaign.models import Attachment
from campaign.problems import Problem, Refused


def kept_workbook(request: HttpRequest) -> Attachment:
    """The one just sent, or the one named by `sha256`. Raises `Refused`."""
    sha256 = request.POST.get("sha256", "")
    if sha256:
        found = Attachment.objects.filter(campaign=request.campaign, sha256=sha256).first()
        if found is None:
            raise Refused(Problem("gone", "找不到刚才的文件。", mend="请重新选择文件。"))
        return found
    file = request.FILES.get("file")
    if file is None:
        raise Refused(Problem("no_file", "没有选择文件。", mend="请选择一张 .xlsx 表格。"))
    upload = Upload.read(file, file.name)
    return attachments.store(request.campaign, upload, by=request.user, now=clock.now(request.campaign))

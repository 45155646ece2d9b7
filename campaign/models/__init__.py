from campaign.models.areas import Area, Stewardship
from campaign.models.base import CampaignRow
from campaign.models.files import Attachment
from campaign.models.flags import FlagIs
from campaign.models.log import LogEntry
from campaign.models.mail import MailPart, OutgoingMail
from campaign.models.people import (
    ApiToken,
    DeviceSession,
    Invitation,
    Membership,
    PasswordMemory,
    Unit,
    User,
)
from campaign.models.plan import CalendarEvent, Campaign, Program, Project
from campaign.models.work import Job, PeriodicRun, RequestCount

__all__ = [
    "ApiToken",
    "Area",
    "Attachment",
    "CalendarEvent",
    "Campaign",
    "CampaignRow",
    "DeviceSession",
    "FlagIs",
    "Invitation",
    "Job",
    "LogEntry",
    "MailPart",
    "Membership",
    "OutgoingMail",
    "PasswordMemory",
    "PeriodicRun",
    "Program",
    "Project",
    "RequestCount",
    "Stewardship",
    "Unit",
    "User",
]

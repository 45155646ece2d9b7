"""The rows of field work."""

from inspections.models.findings import Finding, ProblemList, Signature
from inspections.models.orders import Counter, Order, OrderLine, OrderPolicy
from inspections.models.places import (
    Checklist,
    ChecklistItem,
    Place,
    PlaceType,
    Register,
    RegisterEntry,
    RegisterVersion,
    RosterDuty,
)
from inspections.models.rounds import Round, RoundMember, RoundPlace
from inspections.models.sightings import Sighting, SnapLink
from inspections.models.visits import Answer, Photo, Visit

__all__ = [
    "Answer",
    "Checklist",
    "ChecklistItem",
    "Counter",
    "Finding",
    "Order",
    "OrderLine",
    "OrderPolicy",
    "Photo",
    "Place",
    "PlaceType",
    "ProblemList",
    "Register",
    "RegisterEntry",
    "RegisterVersion",
    "RosterDuty",
    "Round",
    "RoundMember",
    "RoundPlace",
    "Sighting",
    "Signature",
    "SnapLink",
    "Visit",
]

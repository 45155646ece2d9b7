"""Human codes: program, project and task run on from the last in use (02-02-02)."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from campaign.models import Campaign, Program, Project
from tasks.models import Task

_LAST = re.compile(r"(\d+)$")


@dataclass
class Numbering:
    """Programs and projects by name, made where the plan names new ones; every code given out once."""

    campaign: Campaign
    programs: dict[str, Program]
    projects: dict[tuple[str, str], Project]
    codes: set[str]
    new_programs: list[Program] = field(default_factory=list)
    new_projects: list[Project] = field(default_factory=list)
    _last: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, campaign: Campaign) -> "Numbering":
        programs = {program.name: program for program in Program.objects.filter(campaign=campaign)}
        projects = {
            (p.program.name, p.name): p for p in Project.objects.filter(campaign=campaign).select_related("program")
        }
        found = cls(
            campaign, programs, projects, set(Task.objects.filter(campaign=campaign).values_list("code", flat=True))
        )
        own = (code for code in found.codes if "-" in code)  # a rectification's code has no program before it
        for code in [*own, *(p.code for p in programs.values()), *(p.code for p in projects.values())]:
            found._note(code)
        return found

    def _note(self, code: str) -> None:
        parent, _, own = code.rpartition("-")
        match = _LAST.search(own)
        if match and len(match[1]) < 9:
            self._last[parent] = max(self._last[parent], int(match[1]))

    def _next(self, parent: str) -> str:
        self._last[parent] += 1
        own = f"{self._last[parent]:02d}"
        return f"{parent}-{own}" if parent else own

    def program(self, name: str) -> Program | None:
        name = name[:80]
        if not name:
            return None
        if name not in self.programs:
            program = Program(
                campaign=self.campaign, code=self._next(""), name=name, short_name=name if len(name) <= 20 else ""
            )
            self.programs[name] = program
            self.new_programs.append(program)
        return self.programs[name]

    def project(self, program: Program | None, name: str) -> Project | None:
        name = name[:120]
        if not name or program is None:
            return None
        if (program.name, name) not in self.projects:
            project = Project(campaign=self.campaign, program=program, code=self._next(program.code), name=name)
            self.projects[program.name, name] = project
            self.new_projects.append(project)
        return self.projects[program.name, name]

    def task_code(self, own: str, program: Program | None, project: Project | None) -> str:
        """The plan's own code where it has one and it is free; else the next number under the project."""
        own = re.sub(r"[^0-9A-Za-z\-]", "", own)[:24]
        if own and own not in self.codes:
            code = own
        else:
            parent = project.code if project else f"{program.code}-00" if program else "00-00"
            code = self._next(parent)
            while code in self.codes:
                code = self._next(parent)
        self.codes.add(code)
        return code

"""The rules of the house, counted. Every failure says what, where and why the rule is there."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
ORDER = ("campaign", "tasks", "inspections", "reports")
APPS = [name for name in ORDER if (ROOT / name).is_dir()]
#: Modules that only translate between the outside and a deed; they alone read the clock.
EDGES = re.compile(r"(^|/)(views|api|jobs|admin|middleware|navigation|accounts|tokens|commands|feeds)(/|\.py$)")
HAN = re.compile(r"[\u4e00-\u9fff]")
#: Ends of a span are named as people name them.
SPAN_ENDS = {"valid_from", "valid_to", "leased_until", "held_until", "first_day", "last_day"}
#: Django's own user.
INHERITED = {"date_joined", "last_login"}
MIGRATION = re.compile(r"/migrations/")


@cache
def tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def modules(*folders):
    """(name, tree) of our own modules, migrations apart."""
    for path in tracked("*.py"):
        name = name_of(path)
        if name.split("/")[0] in (folders or APPS) and not MIGRATION.search(name):
            yield name, parsed(path)


@cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(kind, *folders):
    for name, tree in modules(*folders):
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield f"{name}:{node.lineno}", node


FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def length(node):
    return node.end_lineno - node.lineno + 1


def called(node):
    """The dotted name of what a call calls, as far as it is written out."""
    parts, place = [], node.func
    while isinstance(place, ast.Attribute):
        parts.append(place.attr)
        place = place.value
    parts.append(place.id if isinstance(place, ast.Name) else "?")
    return ".".join(reversed(parts))


def refuse(offenders, reason):
    offenders = sorted(set(offenders))
    assert not offenders, f"{reason}\n  " + "\n  ".join(offenders)


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.split(".")[0]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.split(".")[0]


def test_imports_go_one_way():
    bad = [
        f"{name}:{line} imports {target}"
        for name, tree in modules()
        for line, target in imported(tree)
        if target in ORDER and ORDER.index(target) > ORDER.index(name.split("/")[0])
    ]
    refuse(bad, "An app knows only the apps to its left (campaign <- tasks <- inspections <- reports).")


def test_product_does_not_import_tests():
    bad = [
        f"{name}:{line}" for name, tree in modules() for line, target in imported(tree) if target in {"tests", "pytest"}
    ]
    refuse(bad, "What runs in production does not depend on the tests.")


def test_modules_are_short():
    long = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in tracked("*.py")}
    bad = [f"{name}: {lines} lines" for name, lines in long.items() if lines > 400 and not MIGRATION.search(name)]
    refuse(bad, "A module over 400 lines holds more than one concept: split it into a package by concept.")


def test_functions_are_short():
    bad = [f"{place} {node.name}: {length(node)} lines" for place, node in nodes(FUNCTION) if length(node) > 60]
    refuse(bad, "A function over 60 lines does several things: name them.")


def test_tests_are_short():
    bad = [
        f"{place} {node.name}: {length(node)} lines"
        for place, node in nodes(FUNCTION, "tests")
        if node.name.startswith("test_")
        and length(node) > 20
        and not place.startswith(("tests/browser/", "tests/bench/"))
    ]
    refuse(bad, "A test over 20 lines does not say what it is about: move its making into the cast or a fixture.")


def test_no_layer_names():
    forbidden = {"services", "utils", "helpers", "managers", "signals", "common", "misc"}
    bad = [name for name, _ in modules() if forbidden & {Path(name).stem, *Path(name).parts[:-1]}]
    refuse(bad, "A module is named for the deed or the thing it holds, not for a layer.")


def test_only_edges_read_the_clock():
    clock = {"clock.now", "clock.today", "timezone.now", "timezone.localdate", "dt.date.today", "date.today"}
    clock |= {"dt.datetime.now", "datetime.now", "datetime.datetime.now", "datetime.date.today", "dt.datetime.today"}
    bad = [
        f"{place} {called(node)}"
        for place, node in nodes(ast.Call)
        if called(node) in clock and not EDGES.search(place.split(":")[0]) and not place.startswith("campaign/clock.py")
    ]
    refuse(bad, "Deeds and questions receive now= / today=; only edges read the clock, by campaign/clock.py.")


def test_edges_read_the_campaigns_clock():
    bad = [
        f"{place} {called(node)}"
        for place, node in nodes(ast.Call)
        if re.search(r"(^|\.)(date\.today|datetime\.now|timezone\.now|localdate)$", called(node))
        and not place.startswith("campaign/clock.py")
    ]
    refuse(bad, "A campaign may pin its day: every moment comes from campaign/clock.py.")


def positional(node):
    arguments = node.args.posonlyargs + node.args.args
    blank = [None] * (len(arguments) - len(node.args.defaults))
    return zip(arguments, blank + node.args.defaults, strict=True)


def is_switch(function, argument, default):
    annotation = ast.unparse(argument.annotation) if argument.annotation else ""
    is_bool = isinstance(default, ast.Constant) and isinstance(default.value, bool)
    is_public = not function.name.startswith("_")
    return is_bool or annotation in {"bool", "bool | None"} or (is_public and argument.arg in {"by", "now", "today"})


def test_switches_are_keyword_only():
    bad = [
        f"{place} {node.name}({argument.arg})"
        for place, node in nodes(FUNCTION)
        for argument, default in positional(node)
        if is_switch(node, argument, default) and "/templatetags/" not in place  # a template passes by place
    ]
    refuse(bad, "Booleans, by, now and today are keyword-only: a bare True at the call says nothing.")


def our_models():
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def our_fields():
    for model in our_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.Field) and field.model.__module__.split(".")[0] in APPS:
                yield f"{model.__name__}.{field.name}", field


def test_moments_and_days_are_told_apart_by_name():
    bad = []
    for name, field in our_fields():
        is_moment = isinstance(field, models.DateTimeField)
        is_day = isinstance(field, models.DateField) and not is_moment
        ending = f"_{field.name}"[-3:]
        wrong = (is_moment and ending != "_at") or (is_day and ending != "_on")
        if wrong and field.name not in SPAN_ENDS | INHERITED:
            bad.append(name)
    refuse(bad, "Moments end in _at, calendar days in _on: mixing them loses eight hours.")


def test_switch_fields_are_named_as_questions():
    bad = [
        name
        for name, field in our_fields()
        if isinstance(field, models.BooleanField) and field.name[:3] not in {"is_", "has"}
    ]
    refuse(bad, "Booleans read as a question: is_..., has_...")


def test_unique_keys_begin_with_the_campaign():
    bad = []
    for model in our_models():
        if "campaign" in {field.name for field in model._meta.get_fields()}:
            keys = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]
            bad += [f"{model.__name__}: {c.name}" for c in keys if c.fields and c.fields[0] != "campaign"]
    refuse(
        bad, "Every unique key begins with the campaign: rows of a district can then move to another database whole."
    )


def test_no_error_is_swallowed():
    bad = []
    for place, node in nodes(ast.ExceptHandler):
        silent = all(
            isinstance(line, ast.Pass) or (isinstance(line, ast.Expr) and is_dots(line.value)) for line in node.body
        )
        if node.type is None or silent:
            bad.append(place)
    bad += [
        place
        for place, node in nodes(ast.Call)
        if called(node).endswith("suppress")
        and any(ast.unparse(word) in {"Exception", "BaseException"} for word in node.args)
    ]
    refuse(bad, "An error that nobody hears of is found by the office, too late.")


def is_dots(value):
    return isinstance(value, ast.Constant) and value.value is Ellipsis


def test_migrations_are_named_for_their_change():
    bad = [
        name_of(path) for path in tracked("*/migrations/*.py") if re.search(r"_auto_\d|_alter_.*_and_more", path.name)
    ]
    refuse(bad, "A migration's name says what it changes (makemigrations -n).")


def test_nothing_is_left_for_later():
    marks = re.compile(r"(#|//|/\*|<!--)\s*(TO" + "DO|FIX" + r"ME|XX" + r"X)\b")
    bad = [
        f"{name_of(path)}:{number}"
        for path in tracked("*.py", "*.html", "*.css", "*.js", "*.typ", "*.md", "Makefile", "bin/*")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    refuse(bad, "What is not done is an issue, not a comment.")


def test_no_third_party_file():
    folder = re.compile(
        r"(^|/)(vendor|node_modules|third_party|dist)/|\.min\.(js|css)$|\.(woff2?|ttf|otf|ttc|eot|whl|jar)$"
    )
    bad = [name_of(path) for path in tracked() if folder.search(name_of(path))]
    ours = {name_of(path): path.read_text(encoding="utf-8").splitlines() for path in tracked("*.js", "*.css")}
    bad += [f"{name}: minified" for name, lines in ours.items() if max(map(len, lines), default=0) > 1000]
    refuse(bad, "Other people's files come as locked packages, so that their holes can be mended by an upgrade.")


def test_files_are_small():
    bad = [f"{name_of(path)}: {path.stat().st_size} bytes" for path in tracked() if path.stat().st_size > 600_000]
    refuse(bad, "Large files stay in the history for ever.")


def test_no_path_of_one_machine():
    places = re.compile("/" + r"(work|root|home/\w+|opt/\w+)/(?!postgresql)")
    bad = [
        f"{name_of(path)}:{number} {line.strip()[:80]}"
        for path in tracked(
            "*.py", "*.html", "*.md", "*.toml", "*.yml", "Makefile", "bin/*", ".ci/run", ".env.example", "Dockerfile"
        )
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if places.search(line) and name_of(path) not in {"Dockerfile", "docker-compose.yml"}
    ]
    refuse(bad, "A path of one machine works on one machine.")


def pages():
    """Templates that a browser shows; a mail program reads no stylesheet, so templates/mail may carry styles."""
    for path in tracked("templates/*.html", "*/templates/*.html"):
        if "/mail/" not in name_of(path):
            yield name_of(path), path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", "the security policy forbids inline scripts"),
        (r"<style\b", "the security policy forbids inline styles; they belong into static/css"),
        (r"\sstyle\s*=", "the security policy forbids style attributes; use a class, <progress> or SVG attributes"),
        (r"<[a-z][^>{]*\son[a-z]+\s*=", "the security policy forbids event attributes; use a module in static/js"),
        (r"(src|href|action)=[\"'](https?:)?//", "no request may leave the host"),
        (r"javascript:", "the security policy forbids it"),
    ],
)
def test_pages_obey_the_security_policy(pattern, reason):
    bad = [
        f"{name}:{text.count(chr(10), 0, found.start()) + 1} {found.group(0)[:60]}"
        for name, text in pages()
        for found in re.finditer(pattern, text, re.IGNORECASE)
    ]
    refuse(bad, f"In templates: {reason}.")


def test_scripts_and_styles_stay_on_the_host():
    outside = re.compile(r"(https?:)?//(?!www\.w3\.org)[a-z0-9-]+\.[a-z]{2,}", re.IGNORECASE)
    bad = [
        f"{name_of(path)}: {found.group(0)}"
        for path in tracked("static/*.js", "static/*.css")
        for found in outside.finditer(
            re.sub(r"/\*.*?\*/|(?m:^\s*//.*$)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        )
    ]
    refuse(bad, "The product works without the internet.")


def shown_text(html):
    html = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->", " ", html, flags=re.DOTALL)
    html = re.sub(r"<(script|svg|code|pre|kbd)\b.*?</\1>", " ", html, flags=re.DOTALL | re.IGNORECASE)
    html = re.sub(r"{%.*?%}|{{.*?}}", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "\n", html)


def test_pages_speak_chinese():
    english = re.compile(r"\b[A-Za-z]{3,}(?:[ ,]+[A-Za-z]{2,}){2,}")
    bad = [f"{name}: {found.group(0)}" for name, text in pages() for found in english.finditer(shown_text(text))]
    refuse(bad, "The people who use the product read Chinese.")


#: Calls that speak to a person, with the place of the words among their arguments; and keywords that do.
SPEAKING = re.compile(
    r"(^|\.)(?:(?P<second>messages\.\w+|Problem|add_error)|ValidationError|PermissionDenied|Http404|CommandError)$"
)
SPOKEN = {"label", "help_text", "empty_label", "message", "mend", "error_messages", "placeholder"}


def spoken(node):
    """The literal texts of a call that a person will read."""
    speaking = SPEAKING.search(called(node))
    words = [*node.args[1 if speaking["second"] else 0 :][:1]] if speaking else []
    words += [keyword.value for keyword in node.keywords if keyword.arg in SPOKEN]
    yield from (word for word in words if isinstance(word, ast.Constant | ast.JoinedStr))


def written(text):
    """The words of a literal, without what an f-string fills in."""
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_messages_speak_chinese():
    people = re.compile(r"(^|/)(models|migrations|settings)(/|\.py)")
    bad = [
        f"{place} {ast.unparse(text)[:70]}"
        for place, node in nodes(ast.Call)
        if not people.search(place)
        for text in spoken(node)
        if re.search(r"[A-Za-z]{3}", written(text)) and not HAN.search(written(text))
    ]
    refuse(bad, "What a person reads is Chinese, and says what, where and how to mend.")

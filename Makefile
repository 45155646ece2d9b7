# Everything a fresh machine needs is python3 (>= 3.11) and make.
PORT ?= 8000
PYTHON_BIN := .venv/bin/python

.PHONY: help setup demo test test-sqlite test-postgresql lint sbom bench lock clean

help:
	@echo "make demo [PORT=8000]   安装、建库、装入演示数据并启动"
	@echo "make setup              只安装、建库、收集静态文件，不启动"
	@echo "make test               运行全部测试"
	@echo "make lint               代码检查"
	@echo "make sbom               所用软件清单 sbom.json（CycloneDX）"
	@echo "make bench [ONLY=名称]  测速，逐行输出 BENCH 名称 数值 单位"
	@echo "make lock               由 requirements*.in 重新生成带校验值的依赖清单"

setup:
	@bin/install requirements.txt
	@.venv/bin/honcho run $(PYTHON_BIN) manage.py prepare

demo:
	@bin/install requirements.txt
	@PORT=$(PORT) bin/demo

test:
	@bin/install requirements-dev.txt
	@$(MAKE) --no-print-directory test-sqlite
	@$(MAKE) --no-print-directory test-postgresql

test-sqlite:
	$(PYTHON_BIN) -m pytest -n 2 --dist worksteal

# The suite again on what production uses; browser walks and real-server trials of the mail are not repeated.
test-postgresql:
	@if $(PYTHON_BIN) -m tests.servers --available postgresql redis; then \
		set -x; $(PYTHON_BIN) -m tests.servers postgresql redis -- $(PYTHON_BIN) -m pytest -n 2 --dist worksteal -m "not browser and not trial"; \
	fi

lint:
	@bin/install requirements-dev.txt
	$(PYTHON_BIN) -m ruff check .
	$(PYTHON_BIN) -m ruff format --check .
	$(PYTHON_BIN) -m mypy
	$(PYTHON_BIN) -m bandit --quiet --recursive --configfile pyproject.toml --severity-level medium $(HOUSES)
	git ls-files -z | grep -zEv $(KNOWN) | xargs -0 .venv/bin/detect-secrets-hook --exclude-lines $(EXAMPLES)

HOUSES := campaign tasks inspections reports
# Locks hold hashes; tests plant secrets on purpose; addresses and logins that stand for others are written out.
KNOWN := '^(requirements.*\.txt|tests/)'
EXAMPLES := 'user:password@|Demo-2019'

sbom:
	@bin/install requirements-dev.txt
	.venv/bin/cyclonedx-py requirements requirements.txt --output-reproducible --output-file sbom.json

bench:
	@bin/install requirements-dev.txt
	@$(PYTHON_BIN) -m tests.bench $(ONLY)

# No index address is written into a lock: the office's own mirror must work as well.
LOCK = $(PYTHON_BIN) -m uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-header --no-annotate $(LOCK_OPTIONS)
lock:
	@bin/install requirements-dev.txt
	$(LOCK) requirements-uv.in -o requirements-uv.txt
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf staticfiles .pytest_cache .ruff_cache .mypy_cache .hypothesis

# Needs make and a Python >= 3.11 with its venv module; everything else is fetched into .venv.
# `make run` starts the product, `make test` checks it. The rest is for people who change it.

CODE := bot handlers conversations models locales
UV := .venv/bin/uv
ARGS ?=
WORKERS ?= 3

# The first Python on the path that is new enough; looked for only while .venv is being made.
PYTHON = $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

export UV_COMPILE_BYTECODE := 1
export UV_PYTHON_DOWNLOADS := never
# Behind a company's proxy only the system's own list of certificates knows it.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS := 1
endif
# Without bytecode on disk every start would compile the product again.
unexport PYTHONDONTWRITEBYTECODE VIRTUAL_ENV

.PHONY: run test kills mutants lint fmt browser clean

run: .venv/.run
	@exec .venv/bin/langnghe run $(ARGS)

# Several tests at a time: one more than there are cores on the smallest machine that is worked on, since many wait.
test: lint
	.venv/bin/pytest -n $(WORKERS) --dist worksteal $(ARGS)

# The long forms: 300 people at once and 50 kills on each way in, three channels of which one goes down. Some half an
# hour, with the figures printed.
kills: .venv/.test
	.venv/bin/pytest -m long -s $(ARGS)

# Every known way to weaken a guarantee, planted in a copy: which test sees it. A quarter of an hour or more;
# `make mutants ARGS="noise keys"` tries those alone whose names, or tests, hold one of the words.
mutants: .venv/.test
	.venv/bin/python -m tests.mutants $(ARGS)

lint: .venv/.test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

fmt: .venv/.test
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# Chromium for the browser tests, where the system's packages can give it; never a reason to fail.
browser:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } \
		|| echo "No Chromium here and none to be installed: the browser tests will be skipped."

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find $(CODE) tests -name __pycache__ -prune -exec rm -rf {} +

# --inexact keeps uv itself, and lets `run` after `test` find nothing to do.
.venv/.run: pyproject.toml uv.lock $(UV)
	@$(UV) sync --quiet --frozen --inexact
	@touch $@

.venv/.test: pyproject.toml uv.lock $(UV)
	@$(UV) sync --quiet --locked --inexact --all-extras --group dev
	@touch $@ .venv/.run

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none is on the path." >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) lacks its venv module:" \
		"install it (Debian, Ubuntu: apt-get install python3-venv) and run make again." >&2; exit 2; }
	@echo "First start: fetching what is needed into .venv (about a minute) ..."
	@$(PYTHON) -m venv .venv && .venv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13,<1'

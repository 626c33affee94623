# Everything a newcomer types: `make run`, then `make test`. Each target installs what it needs and says what it does.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run demo test test-release lint format build release deps oracles bench faults install clean

RUN_DIR ?= run/demo
PREFIX ?= /usr/local
VENV := .venv-oracles
export APPEAL_ORACLE_PYTHON ?= $(CURDIR)/$(VENV)/bin/python

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: release ## the demo city: two years of appeals posted through the socket, its KPIs beside the published ones; Ctrl-C stops
	@scripts/demo --dir $(RUN_DIR) --stay

demo: release ## the same without staying; exits 0 only if the figures printed are the published ones
	@rm -rf $(RUN_DIR)-check && scripts/demo --dir $(RUN_DIR)-check; code=$$?; rm -rf $(RUN_DIR)-check; exit $$code

test: deps oracles ## all tests, in a debug build
	swift build --build-tests
	swift test --skip-build

test-release: deps oracles ## the same tests in a release build: exclusivity and the optimiser have surprises
	swift test -c release -Xswiftc -enable-testing

build: deps ## a debug build
	swift build

release: deps ## a release build of the two programs
	@scripts/quiet-build

deps:
	@scripts/install-deps

oracles:
	@scripts/install-oracles $(VENV)

lint: ## formatting and the architecture rules
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

format: ## format all Swift files in place
	swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

bench: release ## the rows of docs/PERFORMANCE.md beside their baselines
	$(MAKE) -C Benchmarks

install: release ## installs programs, completions, man page and example configuration below PREFIX
	@scripts/install $(PREFIX)

clean: ## removes build products and the demo's data
	rm -rf .build run

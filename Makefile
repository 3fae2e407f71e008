# Everything a developer runs. Only Go, git and make must be there; the rest is
# installed or built, and said.
.PHONY: run stop start test check build pictures bench day soak

run: ## the whole system on this machine; Ctrl-C stops it
	@go build -o bin/dev ./dev && exec bin/dev

stop start: ## of what make run runs, one part alone: PART=server, worker, temporal, watch or proxy
	@go run ./dev $@ $(PART)

test: ## linters and all tests; installs what they need
	@go run ./dev/checks

check: ## linters alone
	@go run ./dev/checks lint

build: ## bin/temporal, bin/server, bin/worker, bin/proxy, bin/watch
	@go run ./dev build

pictures: build ## the browser's tests alone, with pictures of all they look at in out/screenshots
	cd e2e && CCHC_PICTURES=yes go test -count=1 -timeout 60m -parallel 3 -v ./browser

# Every part of the figures but the soak, in the order they run in.
PARTS ?= pages|compare|plans|queue|ranking|autosave|signing|chain|answers|launch|deadlines|extend|burst|bundle|memory
FIGURES = go test -count=1 -timeout 8h -run '^$$' -benchtime 1x

bench: build ## figures beside floors of the same run (docs/figures.md); PARTS='chain|launch' for some; into out/figures.md
	cd e2e && $(FIGURES) -bench '^BenchmarkFigures$$/^($(PARTS))$$' ./bench

day: build ## 200 people for MINUTES (30): no error, no memory that grows
	cd e2e && CCHC_SOAK_MINUTES=$(MINUTES) $(FIGURES) -bench '^BenchmarkFigures$$/^soak$$' ./bench

soak: build ## kill -9 over 1,000 lives, then 4,000 deadlines in one second
	cd e2e && CCHC_LIVES=1000 go test -count=1 -timeout 8h -v -bench '^BenchmarkFigures$$/^deadlines$$' -benchtime 1x ./crash ./bench

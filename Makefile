# Everything a developer runs. Only Go, git and make must be there; the rest is
# installed or built, and said.
.PHONY: run test check build bench soak

run: ## the whole system on this machine; Ctrl-C stops it
	@go build -o bin/dev ./dev && exec bin/dev

test: ## linters and all tests; installs what they need
	@go run ./dev/checks

check: ## linters alone
	@go run ./dev/checks lint

build: ## bin/temporal, bin/server, bin/worker
	@go run ./dev build

bench: build ## figures beside floors of the same run (docs/figures.md); PARTS='chain|launch' for some
	cd e2e && go test -count=1 -timeout 2h -run '^$$' -bench '^BenchmarkFigures$$/$(if $(PARTS),^($(PARTS))$$)' -benchtime 1x ./bench

soak: build ## kill -9 over 1,000 lives, then 4,000 deadlines in one second
	cd e2e && CCHC_LIVES=1000 go test -count=1 -timeout 8h -v -bench '^BenchmarkFigures$$/^deadlines$$' -benchtime 1x ./crash ./bench

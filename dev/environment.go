package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"time"
)

// program is one of our binaries with its log.
func (l *launcher) program(binary string, environment []string) program {
	return program{
		name: binary, path: l.bin(binary), dir: l.data, env: environment,
		log: l.in("log/" + binary + ".log"), patience: 30 * time.Second,
	}
}

// service is a binary that must always run; it is stopped with the launcher.
func (l *launcher) service(binary string, patience time.Duration, ready string, environment []string) *service {
	s := &service{program: l.program(binary, environment), ready: ready, off: l.in(offFolder + "/" + binary), out: l.out}
	s.patience = patience
	l.services = append(l.services, s)
	return s
}

// environment is ours without the variables that configure the programs: what
// they are told is what production would tell them, and nothing slips in from
// the shell.
func (l *launcher) environment() []string {
	var kept []string
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "CCHC_") && !strings.HasPrefix(pair, "DATABASE_") && !strings.HasPrefix(pair, "PG") {
			kept = append(kept, pair)
		}
	}
	return kept
}

// programEnvironment configures server and worker by the variables of
// docs/configuration.md. A few may be set from outside.
func (l *launcher) programEnvironment() []string {
	local := func(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
	environment := append(l.environment(),
		"DATABASE_URL="+l.cluster.RoleURL("cchc_app", "cchc"),
		"CCHC_LISTEN="+local(l.serverPort),
		"CCHC_ADMIN_LISTEN="+local(l.adminPort),
		"CCHC_WORKER_ADMIN_LISTEN="+local(l.workerPort),
		"CCHC_PUBLIC_URL=http://"+local(l.webPort),
		"CCHC_COOKIE_SECURE=false",
		"CCHC_TEMPORAL_ADDRESS="+local(l.temporalPort),
		"CCHC_TEMPORAL_NAMESPACE=cchc",
		"CCHC_TEMPORAL_UI_URL=http://"+local(l.uiPort),
		fmt.Sprintf("CCHC_RETENTION_DAYS=%d", l.retentionDays),
		"CCHC_FILES="+l.in("files"),
		"CCHC_KEYS="+l.in("keys"),
		"CCHC_TRUST_ROOTS="+l.in("keys/roots.pem"),
		"CCHC_SMTP_ADDRESS="+l.mails.addr,
		"CCHC_SMTP_TLS=none",
		"CCHC_MAIL_FROM=CCHC <cchc@localhost>",
		"CCHC_WATCH_TOKEN_FILE="+l.in("watch-token"),
		"CCHC_DEMO=true",
	)
	if value := os.Getenv("CCHC_DEMO_YEAR"); value != "" {
		environment = append(environment, "CCHC_DEMO_YEAR="+value)
	}
	return l.leveled(environment)
}

// proxyEnvironment configures the proxy before the server.
func (l *launcher) proxyEnvironment() []string {
	return l.leveled(append(l.environment(),
		fmt.Sprintf("CCHC_PROXY_LISTEN=127.0.0.1:%d", l.webPort),
		fmt.Sprintf("CCHC_PROXY_SERVER=http://127.0.0.1:%d", l.serverPort),
		fmt.Sprintf("CCHC_WATCH_URL=http://127.0.0.1:%d/", l.watchPort),
	))
}

// leveled takes over how much a person wants to read in the logs.
func (l *launcher) leveled(environment []string) []string {
	if value := os.Getenv("CCHC_LOG_LEVEL"); value != "" {
		environment = append(environment, "CCHC_LOG_LEVEL="+value)
	}
	return environment
}

// watchEnvironment configures the watcher, which in production runs on another host
// and knows nothing of the database.
func (l *launcher) watchEnvironment() []string {
	return l.leveled(append(l.environment(),
		fmt.Sprintf("CCHC_PUBLIC_URL=http://127.0.0.1:%d", l.webPort),
		"CCHC_WATCH_DATA="+l.in("watch"),
		fmt.Sprintf("CCHC_WATCH_LISTEN=127.0.0.1:%d", l.watchPort),
		fmt.Sprintf("CCHC_WATCH_URL=http://127.0.0.1:%d/", l.watchPort),
		"CCHC_WATCH_TOKEN_FILE="+l.in("watch-token"),
		"CCHC_SMTP_ADDRESS="+l.mails.addr,
		"CCHC_SMTP_TLS=none",
		"CCHC_MAIL_FROM=CCHC <giam-sat@localhost>",
	))
}

// makeToken makes the secret by which the server knows the watcher, once.
func (l *launcher) makeToken(context.Context) error {
	path := l.in("watch-token")
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return os.WriteFile(path, []byte(rand.Text()+"\n"), 0o600)
}

package main

import (
	"fmt"
	"os"
	"time"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
)

// startUI serves the web UI, read-only: people act in the application, where
// rights are checked and every decision is a row. The answer stops it.
func startUI(o options) (stop func()) {
	if o.uiPort == 0 {
		return func() {}
	}
	server := uiserver.NewServer(uioptions.WithConfigProvider(&uiconfig.Config{
		TemporalGRPCAddress: address(o.port),
		Host:                "127.0.0.1",
		Port:                o.uiPort,
		EnableUI:            true,
		DefaultNamespace:    o.namespace,
		DisableWriteActions: true,
		DisableNewsFetch:    true,
		HideLogs:            true,
		CORS:                uiconfig.CORS{CookieInsecure: true}, // plain http on loopback
	}))
	go func() {
		// It ends the whole process itself when it cannot listen.
		if err := server.Start(); err != nil {
			fmt.Fprintln(os.Stderr, "temporal: web UI:", err)
		}
	}()
	return func() {
		stopWithin(2*time.Second, func() error { server.Stop(); return nil })
	}
}

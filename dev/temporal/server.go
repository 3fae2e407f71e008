package main

import (
	"fmt"
	"net"

	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/temporal"
)

// shards is fixed for the life of the databases: the server refuses to change
// it. Four keep 64 clients from queueing at one lock on a small machine.
const shards = 4

// dynamic lifts limits that protect a shared cluster from one tenant. This one
// has one tenant, and a launch or a rush of deadlines is thousands of calls at
// once. Nothing is asked of the outside: no version check.
var dynamic = dynamicconfig.StaticClient{
	dynamicconfig.FrontendPersistenceMaxQPS.Key():                    10000,
	dynamicconfig.HistoryPersistenceMaxQPS.Key():                     45000,
	dynamicconfig.MatchingPersistenceMaxQPS.Key():                    10000,
	dynamicconfig.FrontendRPS.Key():                                  10000,
	dynamicconfig.FrontendMaxNamespaceRPSPerInstance.Key():           10000,
	dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key(): 200,
	dynamicconfig.EnableServerVersionCheck.Key():                     false,
	// One matching service has no other to share a task queue with: partitions
	// would only pass polls and tasks on to each other.
	dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():  1,
	dynamicconfig.MatchingNumTaskqueueWritePartitions.Key(): 1,
}

func newLogger(level string) log.Logger {
	return log.NewZapLogger(log.BuildZapLogger(log.Config{Level: level, Format: "json"}))
}

func startServer(o options, s stores, logger log.Logger) (temporal.Server, error) {
	services, hosts, err := listenAddresses(o.port)
	if err != nil {
		return nil, err
	}
	server, err := temporal.NewServer(
		temporal.WithConfig(serverConfig(o, s, services)),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(hosts),
		temporal.WithDynamicConfigClient(dynamic),
		temporal.WithLogger(logger),
	)
	if err != nil {
		return nil, fmt.Errorf("configure the server: %w", err)
	}
	if err := server.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	return server, nil
}

// listenAddresses gives the frontend its port and the other services, which
// speak among themselves, ports the kernel has free.
func listenAddresses(frontend int) (map[string]config.Service, map[primitives.ServiceName]static.Hosts, error) {
	services := map[string]config.Service{}
	hosts := map[primitives.ServiceName]static.Hosts{}
	for _, name := range temporal.DefaultServices {
		port := frontend
		if name != string(primitives.FrontendService) {
			listener, err := net.Listen("tcp", address(0))
			if err != nil {
				return nil, nil, fmt.Errorf("find a free port: %w", err)
			}
			// Held until all are found, so that no two are the same.
			defer func() { _ = listener.Close() }()
			port = listener.Addr().(*net.TCPAddr).Port
		}
		services[name] = config.Service{RPC: config.RPC{GRPCPort: port, BindOnIP: "127.0.0.1"}}
		hosts[primitives.ServiceName(name)] = static.SingleLocalHost(address(port))
	}
	return services, hosts, nil
}

func serverConfig(o options, s stores, services map[string]config.Service) *config.Config {
	const local = "active"
	return &config.Config{
		Services: services,
		Persistence: config.Persistence{
			DefaultStore: "main", VisibilityStore: "visibility", NumHistoryShards: shards,
			DataStores: map[string]config.DataStore{"main": {SQL: s.main}, "visibility": {SQL: s.visibility}},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10, MasterClusterName: local, CurrentClusterName: local,
			ClusterInformation: map[string]cluster.ClusterInformation{
				local: {Enabled: true, InitialFailoverVersion: 1, RPCAddress: address(o.port)},
			},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		PublicClient:        config.PublicClient{HostPort: address(o.port)},
		Archival: config.Archival{
			History:    config.HistoryArchival{State: "disabled"},
			Visibility: config.VisibilityArchival{State: "disabled"},
		},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: "disabled"},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: "disabled"},
		}},
	}
}

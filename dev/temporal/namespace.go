package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	namespacepb "go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

// searchAttributes are what operators filter workflows by. Lists that people
// work with come from the application's database, never from here.
var searchAttributes = map[string]enumspb.IndexedValueType{
	"Campaign":     enumspb.INDEXED_VALUE_TYPE_KEYWORD,
	"UnitCode":     enumspb.INDEXED_VALUE_TYPE_KEYWORD,
	"DocumentKind": enumspb.INDEXED_VALUE_TYPE_KEYWORD,
	"Stage":        enumspb.INDEXED_VALUE_TYPE_KEYWORD,
	"DueAt":        enumspb.INDEXED_VALUE_TYPE_DATETIME,
	"Overdue":      enumspb.INDEXED_VALUE_TYPE_BOOL,
}

// probe is a query that names every search attribute: the namespace is usable
// once the server accepts it.
const probe = `Campaign = "x" and UnitCode = "x" and DocumentKind = "x" and Stage = "x" ` +
	`and DueAt > "2026-01-01T00:00:00Z" and Overdue = true`

// prepareNamespace makes the namespace, sets its retention, registers the
// search attributes and returns when all of it can be used.
func prepareNamespace(ctx context.Context, o options) error {
	conn, err := grpc.NewClient(address(o.port), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("dial the frontend: %w", err)
	}
	defer func() { _ = conn.Close() }()
	frontend := workflowservice.NewWorkflowServiceClient(conn)
	operator := operatorservice.NewOperatorServiceClient(conn)

	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	steps := []struct {
		what string
		do   func() error
	}{
		{"make namespace " + o.namespace, func() error { return ensureNamespace(ctx, frontend, o) }},
		{"register search attributes", func() error { return ensureSearchAttributes(ctx, operator, o.namespace) }},
		{"wait until search attributes can be used", func() error {
			_, err := frontend.CountWorkflowExecutions(ctx, &workflowservice.CountWorkflowExecutionsRequest{
				Namespace: o.namespace, Query: probe,
			})
			return err
		}},
	}
	for _, step := range steps {
		if err := patiently(ctx, step.do); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}

// errHopeless marks an answer that asking again does not change.
var errHopeless = errors.New("cannot be mended by waiting")

// patiently repeats a call until it succeeds: a server that has just started
// answers with various errors, and a new namespace takes seconds to be seen.
func patiently(ctx context.Context, do func() error) error {
	for {
		err := do()
		if err == nil || errors.Is(err, errHopeless) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func ensureNamespace(ctx context.Context, frontend workflowservice.WorkflowServiceClient, o options) error {
	retention := durationpb.New(time.Duration(o.retentionDays) * 24 * time.Hour)
	found, err := frontend.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: o.namespace})
	var missing *serviceerror.NamespaceNotFound
	switch {
	case errors.As(serviceerror.FromStatus(status.Convert(err)), &missing):
		_, err = frontend.RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
			Namespace: o.namespace, WorkflowExecutionRetentionPeriod: retention,
		})
		return err
	case err != nil:
		return err
	case found.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration() == retention.AsDuration():
		return nil
	}
	_, err = frontend.UpdateNamespace(ctx, &workflowservice.UpdateNamespaceRequest{
		Namespace: o.namespace,
		Config:    &namespacepb.NamespaceConfig{WorkflowExecutionRetentionTtl: retention},
	})
	return err
}

func ensureSearchAttributes(ctx context.Context, operator operatorservice.OperatorServiceClient, namespace string) error {
	known, err := operator.ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		return err
	}
	missing := map[string]enumspb.IndexedValueType{}
	for name, kind := range searchAttributes {
		switch have, there := known.GetCustomAttributes()[name]; {
		case !there:
			missing[name] = kind
		case have != kind:
			return fmt.Errorf("%w: search attribute %s is of type %s and should be %s", errHopeless, name, have, kind)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	_, err = operator.AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
		Namespace: namespace, SearchAttributes: missing,
	})
	return err
}

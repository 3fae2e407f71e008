package workflows

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strconv"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"cchc/config"
	"cchc/domain/document"
	"cchc/templates/words"
)

// Client speaks Temporal in the domain's words.
type Client struct{ temporal client.Client }

// Connect makes a client. It does not wait for Temporal: a server that is away
// is met with at the first call, and pages go on without it.
func Connect(c config.Temporal, options client.Options) (*Client, error) {
	options.HostPort, options.Namespace = c.Address, c.Namespace
	// Calls are some hundred bytes to a neighbour: packing them costs more than
	// sending them.
	options.ConnectionOptions.GrpcCompression = &client.GrpcCompressionNone{}
	if c.TLS() {
		tlsConfig, err := tlsOf(c)
		if err != nil {
			return nil, err
		}
		options.ConnectionOptions.TLS = tlsConfig
	}
	temporal, err := client.NewLazyClient(options)
	if err != nil {
		return nil, fmt.Errorf("connect to workflow engine: %w", err)
	}
	return &Client{temporal: temporal}, nil
}

func tlsOf(c config.Temporal) (*tls.Config, error) {
	out := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.CA != "" {
		pem, err := os.ReadFile(c.CA)
		if err != nil {
			return nil, fmt.Errorf("read workflow engine's CA: %w", err)
		}
		out.RootCAs = x509.NewCertPool()
		if !out.RootCAs.AppendCertsFromPEM(pem) {
			return nil, errors.New("read workflow engine's CA: no certificate in it")
		}
	}
	if c.Cert != "" {
		pair, err := tls.LoadX509KeyPair(c.Cert, c.Key)
		if err != nil {
			return nil, fmt.Errorf("read certificate for workflow engine: %w", err)
		}
		out.Certificates = []tls.Certificate{pair}
	}
	return out, nil
}

// Temporal is the client below, for the worker.
func (c *Client) Temporal() client.Client { return c.temporal }

// Close gives the connection back.
func (c *Client) Close() { c.temporal.Close() }

// Look tells a document's workflow to look at its decisions, and starts it if it
// does not run. The stage names the human task; the key is for operators.
func (c *Client) Look(ctx context.Context, id string, stage document.Stage, key string) error {
	_, err := c.temporal.SignalWithStartWorkflow(ctx, id, taskOf(stage), key, documentOptions(id), DocumentApproval, id)
	if err != nil {
		return fmt.Errorf("signal document %s: %w", id, err)
	}
	return nil
}

// StartDocument starts a document's workflow; one that runs already is success.
func (c *Client) StartDocument(ctx context.Context, id string) error {
	if _, err := c.temporal.ExecuteWorkflow(ctx, documentOptions(id), DocumentApproval, id); err != nil {
		return fmt.Errorf("start document %s: %w", id, err)
	}
	return nil
}

// planPrefix keeps the workflow of a living plan apart from that of its document.
const planPrefix = "plan-"

// LookAtPlan tells a living plan's workflow to look, and starts it if it does not
// run.
func (c *Client) LookAtPlan(ctx context.Context, id string) error {
	if err := c.lookAt(ctx, planPrefix+id, words.PlanSummary(), PlanTracking, id); err != nil {
		return fmt.Errorf("signal plan %s: %w", id, err)
	}
	return nil
}

// outagePrefix is that of an outage's workflow.
const outagePrefix = "outage-"

// OutageWorkflow is the id of an outage's workflow.
func OutageWorkflow(id int64) string { return outagePrefix + strconv.FormatInt(id, 10) }

// LookAtOutage tells an outage's workflow to look, and starts it if it does not run.
func (c *Client) LookAtOutage(ctx context.Context, id int64) error {
	name := OutageWorkflow(id)
	if err := c.lookAt(ctx, name, words.OutageSummary(), OutageNotice, id); err != nil {
		return fmt.Errorf("signal %s: %w", name, err)
	}
	return nil
}

// appraisalPrefix keeps the workflow of an appraisal apart from that of its document.
const appraisalPrefix = "appraisal-"

// LookAtAppraisal tells the workflow of a self-assessment's appraisal to look, and
// starts it if it does not run.
func (c *Client) LookAtAppraisal(ctx context.Context, id string) error {
	if err := c.lookAt(ctx, appraisalPrefix+id, words.AppraisalSummary(), Appraisal, id); err != nil {
		return fmt.Errorf("signal appraisal of %s: %w", id, err)
	}
	return nil
}

// lookAt tells the workflow of something that lives for long to look, and starts it if
// it does not run.
func (c *Client) lookAt(ctx context.Context, workflow, summary string, kind, id any) error {
	_, err := c.temporal.SignalWithStartWorkflow(ctx, workflow, Look, "relay", client.StartWorkflowOptions{
		TaskQueue:                TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            summary,
	}, kind, id)
	return err
}

func documentOptions(id string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: id, TaskQueue: TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            words.DocumentSummary(),
	}
}

// LaunchCampaign sets the documents of a campaign going.
func (c *Client) LaunchCampaign(ctx context.Context, code string) error {
	_, err := c.temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: "launch-" + code, TaskQueue: TaskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            words.LaunchSummary(),
	}, LaunchCampaign, code)
	if err != nil {
		return fmt.Errorf("launch campaign %s: %w", code, err)
	}
	return nil
}

// Knows tells whether the engine has a running workflow for the document.
func (c *Client) Knows(ctx context.Context, id string) (bool, error) {
	answer, err := c.temporal.DescribeWorkflowExecution(ctx, id, "")
	var missing *serviceerror.NotFound
	switch {
	case errors.As(err, &missing):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("describe document %s: %w", id, err)
	}
	return answer.GetWorkflowExecutionInfo().GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, nil
}

// Running lists ids of running document workflows, page by page; the token of
// the first page is nil, and nil comes back with the last one.
func (c *Client) Running(ctx context.Context, token []byte) (ids []string, next []byte, err error) {
	answer, err := c.temporal.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{
		Query:         "WorkflowType = 'DocumentApproval' AND ExecutionStatus = 'Running'",
		NextPageToken: token,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("list running documents: %w", err)
	}
	for _, execution := range answer.GetExecutions() {
		ids = append(ids, execution.GetExecution().GetWorkflowId())
	}
	return ids, answer.GetNextPageToken(), nil
}

// Ready tells whether the engine answers and knows our namespace: after its start
// it takes a moment until it does.
func (c *Client) Ready(ctx context.Context) error {
	if _, err := c.Knows(ctx, "readiness"); err != nil {
		return fmt.Errorf("reach workflow engine: %w", err)
	}
	return nil
}

package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/lib/pq"
)

// maxKept bounds what one connection keeps prepared. There are fewer statements
// than that; should a text ever be put together anew for each call, it is only
// no faster.
const maxKept = 400

// openKept opens a pool whose connections keep every statement prepared once it
// has been run: parsing and planning cost more than most of our statements, and
// a plain query with arguments takes two round trips where a kept one takes one.
//
// One plan serves all arguments. PostgreSQL would weigh a new plan for the very
// arguments each time, and where it expects to save a row it plans for ever; our
// statements go by keys, so the plans are the same.
//
// Nothing is compiled: PostgreSQL would do so anew at every execution of a kept
// statement that it thinks dear, and it took 1.3 s of the 3 s that counting the
// tasks of an officer with 100,000 decisions took.
func openKept(url string) (*sql.DB, error) {
	config, err := pq.NewConfig(url)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if config.Runtime == nil {
		config.Runtime = map[string]string{}
	}
	config.Runtime["plan_cache_mode"] = "force_generic_plan"
	config.Runtime["jit"] = "off"
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return sql.OpenDB(keeper{connector}), nil
}

// keeper makes connections that keep their statements.
type keeper struct{ driver.Connector }

func (k keeper) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	plain, ok := conn.(plainConn)
	if !ok {
		_ = conn.Close()
		return nil, fmt.Errorf("open database: %T lacks what a pool needs", conn)
	}
	return &keptConn{plainConn: plain, kept: map[string]keptStmt{}}, nil
}

// plainConn is what a connection of lib/pq can do; a wrapper that hid any of it
// would change how the pool treats it.
type plainConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.QueryerContext
	driver.ExecerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	driver.NamedValueChecker
}

type keptStmt interface {
	driver.Stmt
	driver.StmtQueryContext
	driver.StmtExecContext
}

// keptConn is used by one goroutine at a time, as every driver.Conn.
type keptConn struct {
	plainConn
	kept map[string]keptStmt // by text
}

func (c *keptConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return c.plainConn.QueryContext(ctx, query, args)
	}
	rows, err := stmt.QueryContext(ctx, args)
	return rows, c.checked(query, err)
}

// ExecContext leaves commands without arguments (savepoint, set) as they are:
// there is nothing to plan, and they may be several in one text.
func (c *keptConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 {
		return c.plainConn.ExecContext(ctx, query, args)
	}
	stmt, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return c.plainConn.ExecContext(ctx, query, args)
	}
	result, err := stmt.ExecContext(ctx, args)
	return result, c.checked(query, err)
}

// prepared gives the kept statement, preparing it the first time; nil when the
// connection keeps as many as it may.
func (c *keptConn) prepared(ctx context.Context, query string) (keptStmt, error) {
	if stmt, ok := c.kept[query]; ok {
		return stmt, nil
	}
	if len(c.kept) >= maxKept {
		return nil, nil
	}
	made, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	stmt, ok := made.(keptStmt)
	if !ok {
		_ = made.Close()
		return nil, fmt.Errorf("prepare: %T lacks contexts", made)
	}
	c.kept[query] = stmt
	return stmt, nil
}

// checked forgets a statement that no longer fits its tables: a migration beside
// a running program. The caller's next try prepares it anew.
func (c *keptConn) checked(query string, err error) error {
	const changed, unknown = "0A000", "26000"
	var pqErr *pq.Error
	if errors.As(err, &pqErr) && (pqErr.Code == changed || pqErr.Code == unknown) {
		_ = c.kept[query].Close() // the server has dropped it, or the connection is ending
		delete(c.kept, query)
	}
	return err
}

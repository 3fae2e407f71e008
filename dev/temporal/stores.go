package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	"go.temporal.io/server/tools/common/schema"
	"go.temporal.io/server/tools/sql"
)

// stores are the two databases the server keeps its data in.
type stores struct {
	main, visibility *config.SQL
}

// prepareStores makes both databases and brings their schema to the version
// that this server was built with. It may be called any number of times.
func prepareStores(ctx context.Context, o options, logger log.Logger) (stores, error) {
	main, err := store(o.database, o.store, 20)
	if err != nil {
		return stores{}, err
	}
	visibility, err := store(o.database, o.store+"_visibility", 10)
	if err != nil {
		return stores{}, err
	}
	admin, err := connectAdmin(ctx, o.database)
	if err != nil {
		return stores{}, err
	}
	defer func() { _ = admin.Close(context.Background()) }()
	// Two servers starting at once on one cluster wait for each other here.
	if _, err := admin.Exec(ctx, `select pg_advisory_lock(hashtext('cchc/dev/temporal'))`); err != nil {
		return stores{}, fmt.Errorf("lock the set-up of the databases: %w", err)
	}
	if err := prepareStore(ctx, admin, main, "postgresql/v12/temporal", logger); err != nil {
		return stores{}, err
	}
	if err := prepareStore(ctx, admin, visibility, "postgresql/v12/visibility", logger); err != nil {
		return stores{}, err
	}
	return stores{main, visibility}, nil
}

// connectAdmin waits a while for a PostgreSQL that is still starting.
func connectAdmin(ctx context.Context, database string) (*pgx.Conn, error) {
	address, err := url.Parse(database)
	if err != nil {
		return nil, fmt.Errorf("-database is not a URL: %w", err)
	}
	address.Path = "/postgres"
	for deadline := time.Now().Add(30 * time.Second); ; {
		admin, err := pgx.Connect(ctx, address.String())
		if err == nil {
			return admin, nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// store describes one database in the server's own terms.
func store(database, name string, connections int) (*config.SQL, error) {
	u, err := url.Parse(database)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return nil, errors.New("-database: not a URL like postgres://postgres@/?host=/run/postgresql")
	}
	password, _ := u.User.Password()
	attributes := map[string]string{}
	for key, values := range u.Query() {
		attributes[key] = values[0]
	}
	host := u.Host
	if host == "" {
		host = "localhost:5432" // overruled by the attribute host when that is a socket's folder
	}
	return &config.SQL{
		PluginName: postgresql.PluginNamePGX, ConnectProtocol: "tcp", ConnectAddr: host,
		User: u.User.Username(), Password: password,
		DatabaseName: name, ConnectAttributes: attributes,
		MaxConns: connections, MaxIdleConns: connections, MaxConnLifetime: time.Hour,
	}, nil
}

// prepareStore brings one database up to date. A new one is filled under
// another name and renamed when it is whole: the server's schema tool is not
// transactional, and a kill in the middle must not leave half a schema behind.
func prepareStore(ctx context.Context, admin *pgx.Conn, store *config.SQL, schemaName string, logger log.Logger) error {
	name := store.DatabaseName
	var there bool
	err := admin.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&there)
	if err != nil {
		return fmt.Errorf("look for database %s: %w", name, err)
	}
	if there {
		return applySchema(*store, name, schemaName, logger)
	}
	draft := name + "_new"
	exec := func(format string, args ...any) {
		if err == nil {
			_, err = admin.Exec(ctx, fmt.Sprintf(format, args...))
		}
	}
	exec(`drop database if exists %s with (force)`, quoted(draft))
	exec(`create database %s`, quoted(draft))
	if err == nil {
		err = applySchema(*store, draft, schemaName, logger)
	}
	exec(`alter database %s rename to %s`, quoted(draft), quoted(name))
	if err != nil {
		return fmt.Errorf("make database %s: %w", name, err)
	}
	return nil
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

// applySchema runs the server's own schema tool on the database of the given
// name, which is or will be called store.DatabaseName.
func applySchema(store config.SQL, name, schemaName string, logger log.Logger) error {
	final := store.DatabaseName
	store.DatabaseName = name
	db, err := sql.NewConnection(&store, logger)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", name, err)
	}
	defer db.Close()
	if name != final {
		setup := schema.NewSetupSchemaTask(db, &schema.SetupConfig{InitialVersion: "0.0"}, logger)
		if err := setup.Run(); err != nil {
			return fmt.Errorf("set up the schema of %s: %w", name, err)
		}
	}
	update := schema.NewUpdateSchemaTask(db, &schema.UpdateConfig{DBName: name, SchemaName: schemaName}, logger)
	if err := update.Run(); err != nil {
		return fmt.Errorf("update the schema of %s: %w", name, err)
	}
	if name == final {
		return nil
	}
	// The tool files the version under the name the database has now.
	return db.Exec(`update schema_version set db_name = $1`, final)
}

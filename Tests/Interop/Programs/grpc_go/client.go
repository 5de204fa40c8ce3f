package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// caller has what a case needs: a channel, a context with a deadline, and the way to further channels.
type caller struct {
	conn *grpc.ClientConn
	ctx  context.Context
	dial func() (*grpc.ClientConn, error)
}

func runCases(target, ca, override string, names []string) int {
	options := []grpc.DialOption{grpc.WithStatsHandler(watcher{}), grpc.WithBlock()}
	if ca == "" {
		options = append(options, grpc.WithInsecure())
	} else {
		trust, err := credentials.NewClientTLSFromFile(ca, override)
		if err != nil {
			fatal(err)
		}
		options = append(options, grpc.WithTransportCredentials(trust))
	}
	dial := func() (*grpc.ClientConn, error) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		return grpc.DialContext(ctx, target, options...)
	}
	conn, err := dial()
	if err != nil {
		fatal(err)
	}
	defer conn.Close()
	failures := 0
	for _, name := range names {
		if err := runCase(name, conn, dial); err != nil {
			failures++
			fmt.Println(name, "failed:", err)
		} else {
			fmt.Println(name, "ok")
		}
	}
	if failures > 0 {
		return 1
	}
	return 0
}

func runCase(name string, conn *grpc.ClientConn, dial func() (*grpc.ClientConn, error)) error {
	run, ok := cases[name]
	if !ok {
		return fmt.Errorf("no such case")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return run(caller{conn, context.WithValue(ctx, receivedKey{}, &received{}), dial})
}

// compressed says for each message so far whether it came compressed.
func (c caller) compressed() []bool { return receivedIn(c.ctx).all() }

func (c caller) invoke(name string, request, response interface{}, options ...grpc.CallOption) error {
	return c.conn.Invoke(c.ctx, "/"+testService+"/"+name, request, response, options...)
}

var bothWays = &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}

func (c caller) stream(name string, options ...grpc.CallOption) (grpc.ClientStream, error) {
	return c.conn.NewStream(c.ctx, bothWays, "/"+testService+"/"+name, options...)
}

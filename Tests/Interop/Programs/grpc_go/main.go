// A peer for gRPC's interop tests on grpc-go.
//
//	grpc-go-peer server [--cert FILE --key FILE]
//	grpc-go-peer client --target HOST:PORT [--ca FILE --override NAME] CASE...
//
// The server prints `serving on 127.0.0.1:PORT`. The client prints a line for each case, `CASE ok` or
// `CASE failed: WHY`, and exits with 0 if all hold.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		fatal("server or client?")
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	cert, key := flags.String("cert", "", ""), flags.String("key", "", "")
	target, ca := flags.String("target", "", ""), flags.String("ca", "", "")
	override := flags.String("override", "", "")
	flags.Parse(os.Args[2:])
	switch os.Args[1] {
	case "server":
		serve(*cert, *key)
	case "client":
		os.Exit(runCases(*target, *ca, *override, flags.Args()))
	default:
		fatal("server or client?")
	}
}

func fatal(what interface{}) {
	fmt.Fprintln(os.Stderr, what)
	os.Exit(2)
}

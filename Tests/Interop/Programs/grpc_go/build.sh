#!/bin/sh
# Builds the grpc-go peer from Debian's packages, without a network: build.sh FOLDER writes FOLDER/grpc-go-peer.
# Go's cache lies in FOLDER too, so that a second build takes a second.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/src"
folder=$(cd "$1" && pwd)
protoc --plugin=protoc-gen-go=/usr/bin/protoc-gen-go -I"$here/../proto" --go_out="$folder/src" grpc_testing.proto
export GO111MODULE=off GOFLAGS= GOPATH="$folder:/usr/share/gocode" GOCACHE="$folder/cache" GOTOOLCHAIN=local CGO_ENABLED=0
cd "$here"
exec go build -o "$folder/grpc-go-peer" .

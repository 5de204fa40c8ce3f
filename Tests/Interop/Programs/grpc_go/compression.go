package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"sync"
	"unsafe"

	"github.com/golang/protobuf/proto"
	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/stats"
)

// received notes for each message of a call whether it came compressed.
type received struct {
	mutex sync.Mutex
	flags []bool
}

func (r *received) all() []bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return append([]bool{}, r.flags...)
}

func (r *received) last() bool {
	flags := r.all()
	return len(flags) > 0 && flags[len(flags)-1]
}

type receivedKey struct{}

func receivedIn(ctx context.Context) *received {
	found, ok := ctx.Value(receivedKey{}).(*received)
	if !ok {
		return &received{}
	}
	return found
}

// watcher is the hook of grpc-go that sees how long a message was on the wire.
type watcher struct{}

func (watcher) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context {
	if ctx.Value(receivedKey{}) != nil {
		return ctx
	}
	return context.WithValue(ctx, receivedKey{}, &received{})
}

func (watcher) HandleRPC(ctx context.Context, event stats.RPCStats) {
	if payload, ok := event.(*stats.InPayload); ok {
		note := receivedIn(ctx)
		note.mutex.Lock()
		defer note.mutex.Unlock()
		// Five bytes are the message's prefix.
		note.flags = append(note.flags, payload.WireLength != payload.Length+5)
	}
}

func (watcher) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }
func (watcher) HandleConn(context.Context, stats.ConnStats)                       {}

// prepared is grpc.PreparedMsg from inside: grpc-go 1.33 cannot choose compression message by message, so one is framed
// here. The stream has to name gzip as its encoding.
type prepared struct {
	encoded, header, payload []byte
}

func prepare(message proto.Message, compressed bool) (*grpc.PreparedMsg, error) {
	encoded, err := proto.Marshal(message)
	if err != nil {
		return nil, err
	}
	payload, header := encoded, make([]byte, 5)
	if compressed {
		var buffer bytes.Buffer
		writer := gzip.NewWriter(&buffer)
		writer.Write(encoded)
		writer.Close()
		payload, header[0] = buffer.Bytes(), 1
	}
	binary.BigEndian.PutUint32(header[1:], uint32(len(payload)))
	result := &grpc.PreparedMsg{}
	*(*prepared)(unsafe.Pointer(result)) = prepared{encoded, header, payload}
	return result, nil
}

// nameGzip lets a server's stream say that its messages may be gzip.
func nameGzip(stream grpc.ServerStream) {
	transport := grpc.ServerTransportStreamFromContext(stream.Context())
	if setter, ok := transport.(interface{ SetSendCompress(string) }); ok {
		setter.SetSendCompress("gzip")
	}
}

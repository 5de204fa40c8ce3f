package main

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/golang/protobuf/proto"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	pb "interop/testing"
)

var (
	requestSizes  = []int{27182, 8, 1828, 45904}
	responseSizes = []int{31415, 9, 2653, 58979}
)

const special = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"

var cases = map[string]func(caller) error{
	"empty_unary":                 emptyUnary,
	"large_unary":                 largeUnary,
	"client_compressed_unary":     clientCompressedUnary,
	"server_compressed_unary":     serverCompressedUnary,
	"client_streaming":            clientStreaming,
	"client_compressed_streaming": clientCompressedStreaming,
	"server_streaming":            serverStreaming,
	"server_compressed_streaming": serverCompressedStreaming,
	"ping_pong":                   pingPong,
	"empty_stream":                emptyStream,
	"half_duplex":                 halfDuplex,
	"slow_consumer":               slowConsumer,
	"timeout_on_sleeping_server":  timeoutOnSleepingServer,
	"cancel_after_begin":          cancelAfterBegin,
	"cancel_after_first_response": cancelAfterFirstResponse,
	"custom_metadata":             customMetadata,
	"status_code_and_message":     statusCodeAndMessage,
	"special_status_message":      specialStatusMessage,
	"unimplemented_method":        unimplementedMethod,
	"unimplemented_service":       unimplementedService,
	"rpc_soak":                    rpcSoak,
	"channel_soak":                channelSoak,
}

// Expectations

func expect(what string, seen, wanted interface{}) error {
	if !reflect.DeepEqual(seen, wanted) {
		return fmt.Errorf("%s: %.200q, not %.200q", what, fmt.Sprint(seen), fmt.Sprint(wanted))
	}
	return nil
}

func expectStatus(err error, code codes.Code, message string) error {
	if status.Code(err) != code {
		return fmt.Errorf("status %v (%v), not %v", status.Code(err), err, code)
	}
	if message == "" {
		return nil
	}
	return expect("message", status.Convert(err).Message(), message)
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Messages

func payload(size int) *pb.Payload { return zeros(int32(size)) }

func large() *pb.SimpleRequest {
	return &pb.SimpleRequest{ResponseSize: 314159, Payload: payload(271828)}
}

func output(ask, answer int) *pb.StreamingOutputCallRequest {
	return &pb.StreamingOutputCallRequest{
		ResponseParameters: []*pb.ResponseParameters{{Size: int32(answer)}}, Payload: payload(ask),
	}
}

// sizes reads the responses up to the stream's end.
func sizes(stream grpc.ClientStream) ([]int, error) {
	found := []int{}
	for {
		response := &pb.StreamingOutputCallResponse{}
		if err := stream.RecvMsg(response); err == io.EOF {
			return found, nil
		} else if err != nil {
			return found, err
		}
		found = append(found, len(response.Payload.GetBody()))
	}
}

// exchange sends all, half-closes and reads all.
func exchange(c caller, name string, requests ...*pb.StreamingOutputCallRequest) ([]int, grpc.ClientStream, error) {
	stream, err := c.stream(name)
	if err != nil {
		return nil, nil, err
	}
	for _, request := range requests {
		if err := stream.SendMsg(request); err != nil && err != io.EOF {
			return nil, stream, err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return nil, stream, err
	}
	found, err := sizes(stream)
	return found, stream, err
}

// Cases

func emptyUnary(c caller) error {
	response := &pb.Empty{}
	err := c.invoke("EmptyCall", &pb.Empty{}, response)
	return first(err, expect("size", proto.Size(response), 0))
}

func unary(c caller, request *pb.SimpleRequest, options ...grpc.CallOption) error {
	response := &pb.SimpleResponse{}
	if err := c.invoke("UnaryCall", request, response, options...); err != nil {
		return err
	}
	return expect("body", response.Payload.GetBody(), make([]byte, request.ResponseSize))
}

func largeUnary(c caller) error { return unary(c, large()) }

func clientCompressedUnary(c caller) error {
	yes, no := large(), large()
	yes.ExpectCompressed, no.ExpectCompressed = &pb.BoolValue{Value: true}, &pb.BoolValue{}
	return first(
		expectStatus(unary(c, yes), codes.InvalidArgument, ""),
		unary(c, yes, grpc.UseCompressor("gzip")),
		unary(c, no))
}

// acceptGzip says what grpc-go 1.33 does not say by itself: that responses may be compressed.
func (c caller) acceptGzip() caller {
	c.ctx = metadata.AppendToOutgoingContext(c.ctx, "grpc-accept-encoding", "gzip")
	return c
}

func serverCompressedUnary(c caller) error {
	c = c.acceptGzip()
	yes, no := large(), large()
	yes.ResponseCompressed, no.ResponseCompressed = &pb.BoolValue{Value: true}, &pb.BoolValue{}
	return first(unary(c, yes), unary(c, no), expect("compressed", c.compressed(), []bool{true, false}))
}

// upload sends messages, some of them compressed, and returns the size that comes back.
func upload(c caller, expected, compressed []bool, lengths ...int) (int, error) {
	stream, err := c.stream("StreamingInputCall", grpc.UseCompressor("gzip"))
	if err != nil {
		return 0, err
	}
	for index, length := range lengths {
		request := &pb.StreamingInputCallRequest{Payload: payload(length)}
		if expected != nil {
			request.ExpectCompressed = &pb.BoolValue{Value: expected[index]}
		}
		message, err := prepare(request, compressed != nil && compressed[index])
		if err != nil {
			return 0, err
		}
		if err := stream.SendMsg(message); err != nil && err != io.EOF {
			return 0, err
		}
	}
	stream.CloseSend()
	response := &pb.StreamingInputCallResponse{}
	err = stream.RecvMsg(response)
	return int(response.AggregatedPayloadSize), err
}

func clientStreaming(c caller) error {
	size, err := upload(c, nil, nil, requestSizes...)
	return first(err, expect("size", size, 74922))
}

func clientCompressedStreaming(c caller) error {
	_, probe := upload(c, []bool{true}, []bool{false}, 27182)
	size, err := upload(c, []bool{true, false}, []bool{true, false}, 27182, 45904)
	return first(expectStatus(probe, codes.InvalidArgument, ""), err, expect("size", size, 73086))
}

func serverStreaming(c caller) error {
	request := &pb.StreamingOutputCallRequest{}
	for _, size := range responseSizes {
		request.ResponseParameters = append(request.ResponseParameters, &pb.ResponseParameters{Size: int32(size)})
	}
	found, _, err := exchange(c, "StreamingOutputCall", request)
	return first(err, expect("sizes", found, responseSizes))
}

func serverCompressedStreaming(c caller) error {
	c = c.acceptGzip()
	request := &pb.StreamingOutputCallRequest{ResponseParameters: []*pb.ResponseParameters{
		{Size: 31415, Compressed: &pb.BoolValue{Value: true}}, {Size: 92653, Compressed: &pb.BoolValue{}},
	}}
	found, _, err := exchange(c, "StreamingOutputCall", request)
	return first(
		err, expect("sizes", found, []int{31415, 92653}), expect("compressed", c.compressed(), []bool{true, false}))
}

func pingPong(c caller) error {
	stream, err := c.stream("FullDuplexCall")
	if err != nil {
		return err
	}
	for turn, ask := range requestSizes {
		response := &pb.StreamingOutputCallResponse{}
		err := first(
			stream.SendMsg(output(ask, responseSizes[turn])), stream.RecvMsg(response),
			expect("size", len(response.Payload.GetBody()), responseSizes[turn]))
		if err != nil {
			return err
		}
	}
	stream.CloseSend()
	rest, err := sizes(stream)
	return first(err, expect("rest", rest, []int{}))
}

func emptyStream(c caller) error {
	found, _, err := exchange(c, "FullDuplexCall")
	return first(err, expect("sizes", found, []int{}))
}

func halfDuplex(c caller) error {
	var requests []*pb.StreamingOutputCallRequest
	for _, size := range responseSizes {
		requests = append(requests, output(1, size))
	}
	found, _, err := exchange(c, "HalfDuplexCall", requests...)
	return first(err, expect("sizes", found, responseSizes))
}

func slowConsumer(c caller) error {
	request := &pb.StreamingOutputCallRequest{}
	for index := 0; index < 2000; index++ {
		request.ResponseParameters = append(request.ResponseParameters, &pb.ResponseParameters{Size: 1030})
	}
	stream, err := c.stream("StreamingOutputCall")
	if err != nil {
		return err
	}
	if err := first(stream.SendMsg(request), stream.CloseSend()); err != nil {
		return err
	}
	for index := 0; index < 2000; index++ {
		response := &pb.StreamingOutputCallResponse{}
		if err := first(stream.RecvMsg(response), expect("size", len(response.Payload.GetBody()), 1030)); err != nil {
			return err
		}
		if index%100 == 0 {
			time.Sleep(20 * time.Millisecond)
		}
	}
	rest, err := sizes(stream)
	return first(err, expect("rest", rest, []int{}))
}

func timeoutOnSleepingServer(c caller) error {
	ctx, cancel := context.WithTimeout(c.ctx, time.Millisecond)
	defer cancel()
	c.ctx = ctx
	stream, err := c.stream("FullDuplexCall")
	if err != nil {
		return expectStatus(err, codes.DeadlineExceeded, "")
	}
	// It may be too late to send.
	_ = stream.SendMsg(&pb.StreamingOutputCallRequest{Payload: payload(27182)})
	_, err = sizes(stream)
	return expectStatus(err, codes.DeadlineExceeded, "")
}

func cancelAfterBegin(c caller) error {
	ctx, cancel := context.WithCancel(c.ctx)
	c.ctx = ctx
	stream, err := c.stream("StreamingInputCall")
	cancel()
	if err != nil {
		return err
	}
	return expectStatus(stream.RecvMsg(&pb.StreamingInputCallResponse{}), codes.Canceled, "")
}

func cancelAfterFirstResponse(c caller) error {
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	c.ctx = ctx
	stream, err := c.stream("FullDuplexCall")
	if err != nil {
		return err
	}
	response := &pb.StreamingOutputCallResponse{}
	if err := first(stream.SendMsg(output(27182, 31415)), stream.RecvMsg(response)); err != nil {
		return err
	}
	cancel()
	_, err = sizes(stream)
	return first(expect("size", len(response.Payload.GetBody()), 31415), expectStatus(err, codes.Canceled, ""))
}

func checkEcho(header, trailer metadata.MD) error {
	return first(
		expect("headers", header[echoedInitial], []string{"test_initial_metadata_value"}),
		expect("trailers", trailer[echoedTrailing], []string{"\xab\xab\xab"}))
}

func customMetadata(c caller) error {
	c.ctx = metadata.AppendToOutgoingContext(
		c.ctx, echoedInitial, "test_initial_metadata_value", echoedTrailing, "\xab\xab\xab")
	var header, trailer metadata.MD
	if err := first(unary(c, large(), grpc.Header(&header), grpc.Trailer(&trailer)), checkEcho(header, trailer)); err != nil {
		return err
	}
	found, stream, err := exchange(c, "FullDuplexCall", output(271828, 314159))
	if err := first(err, expect("sizes", found, []int{314159})); err != nil {
		return err
	}
	header, err = stream.Header()
	return first(err, checkEcho(header, stream.Trailer()))
}

func statusCodeAndMessage(c caller) error {
	wanted := &pb.EchoStatus{Code: 2, Message: "test status message"}
	err := unary(c, &pb.SimpleRequest{ResponseStatus: wanted})
	_, _, streamed := exchange(c, "FullDuplexCall", &pb.StreamingOutputCallRequest{ResponseStatus: wanted})
	return first(expectStatus(err, codes.Unknown, wanted.Message), expectStatus(streamed, codes.Unknown, wanted.Message))
}

func specialStatusMessage(c caller) error {
	err := unary(c, &pb.SimpleRequest{ResponseStatus: &pb.EchoStatus{Code: 2, Message: special}})
	return expectStatus(err, codes.Unknown, special)
}

func unimplementedMethod(c caller) error {
	return expectStatus(c.invoke("UnimplementedCall", &pb.Empty{}, &pb.Empty{}), codes.Unimplemented, "")
}

func unimplementedService(c caller) error {
	path := "/grpc.testing.UnimplementedService/UnimplementedCall"
	return expectStatus(c.conn.Invoke(c.ctx, path, &pb.Empty{}, &pb.Empty{}), codes.Unimplemented, "")
}

func rpcSoak(c caller) error {
	for round := 0; round < 20; round++ {
		if err := largeUnary(c); err != nil {
			return err
		}
	}
	return nil
}

func channelSoak(c caller) error {
	for round := 0; round < 10; round++ {
		conn, err := c.dial()
		if err != nil {
			return err
		}
		err = largeUnary(caller{conn, c.ctx, c.dial})
		conn.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	pb "interop/testing"
)

const (
	testService    = "grpc.testing.TestService"
	echoedInitial  = "x-grpc-test-echo-initial"
	echoedTrailing = "x-grpc-test-echo-trailing-bin"
)

func serve(cert, key string) {
	options := []grpc.ServerOption{grpc.StatsHandler(watcher{})}
	if cert != "" {
		identity, err := credentials.NewServerTLSFromFile(cert, key)
		if err != nil {
			fatal(err)
		}
		options = append(options, grpc.Creds(identity))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fatal(err)
	}
	server := grpc.NewServer(options...)
	server.RegisterService(&description, struct{}{})
	fmt.Printf("serving on %s\n", listener.Addr())
	fatal(server.Serve(listener))
}

// UnaryCall is a stream here, for a stream's handler can send a prepared message.
var description = grpc.ServiceDesc{
	ServiceName: testService,
	HandlerType: (*interface{})(nil),
	Methods:     []grpc.MethodDesc{{MethodName: "EmptyCall", Handler: emptyCall}},
	Streams: []grpc.StreamDesc{
		{StreamName: "UnaryCall", Handler: unaryCall},
		{StreamName: "StreamingOutputCall", Handler: fullDuplexCall, ServerStreams: true},
		{StreamName: "StreamingInputCall", Handler: streamingInputCall, ClientStreams: true},
		{StreamName: "FullDuplexCall", Handler: fullDuplexCall, ServerStreams: true, ClientStreams: true},
		{StreamName: "HalfDuplexCall", Handler: halfDuplexCall, ServerStreams: true, ClientStreams: true},
	},
}

func emptyCall(_ interface{}, _ context.Context, decode func(interface{}) error, _ grpc.UnaryServerInterceptor) (interface{}, error) {
	return &pb.Empty{}, decode(&pb.Empty{})
}

func unaryCall(_ interface{}, stream grpc.ServerStream) error {
	request := &pb.SimpleRequest{}
	if err := stream.RecvMsg(request); err != nil {
		return err
	}
	echoMetadata(stream)
	if err := checkCompression(stream, request.ExpectCompressed); err != nil {
		return err
	}
	if err := wantedStatus(request.ResponseStatus); err != nil {
		return err
	}
	if request.ResponseCompressed.GetValue() {
		nameGzip(stream)
	}
	response := &pb.SimpleResponse{Payload: zeros(request.ResponseSize)}
	message, err := prepare(response, request.ResponseCompressed.GetValue())
	if err != nil {
		return err
	}
	return stream.SendMsg(message)
}

func streamingInputCall(_ interface{}, stream grpc.ServerStream) error {
	total := 0
	for {
		request := &pb.StreamingInputCallRequest{}
		err := stream.RecvMsg(request)
		if err == io.EOF {
			return stream.SendMsg(&pb.StreamingInputCallResponse{AggregatedPayloadSize: int32(total)})
		}
		if err != nil {
			return err
		}
		if err := checkCompression(stream, request.ExpectCompressed); err != nil {
			return err
		}
		total += len(request.Payload.GetBody())
	}
}

func fullDuplexCall(_ interface{}, stream grpc.ServerStream) error {
	echoMetadata(stream)
	for {
		request := &pb.StreamingOutputCallRequest{}
		err := stream.RecvMsg(request)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := answer(stream, request); err != nil {
			return err
		}
	}
}

func halfDuplexCall(_ interface{}, stream grpc.ServerStream) error {
	echoMetadata(stream)
	var requests []*pb.StreamingOutputCallRequest
	for {
		request := &pb.StreamingOutputCallRequest{}
		err := stream.RecvMsg(request)
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		requests = append(requests, request)
	}
	for _, request := range requests {
		if err := answer(stream, request); err != nil {
			return err
		}
	}
	return nil
}

func answer(stream grpc.ServerStream, request *pb.StreamingOutputCallRequest) error {
	if err := wantedStatus(request.ResponseStatus); err != nil {
		return err
	}
	for _, parameters := range request.ResponseParameters {
		if parameters.Compressed.GetValue() {
			nameGzip(stream)
		}
	}
	for _, parameters := range request.ResponseParameters {
		time.Sleep(time.Duration(parameters.IntervalUs) * time.Microsecond)
		response := &pb.StreamingOutputCallResponse{Payload: zeros(parameters.Size)}
		message, err := prepare(response, parameters.Compressed.GetValue())
		if err != nil {
			return err
		}
		if err := stream.SendMsg(message); err != nil {
			return err
		}
	}
	return nil
}

func echoMetadata(stream grpc.ServerStream) {
	given, _ := metadata.FromIncomingContext(stream.Context())
	if values := given[echoedInitial]; len(values) > 0 {
		stream.SetHeader(metadata.Pairs(echoedInitial, values[0]))
	}
	if values := given[echoedTrailing]; len(values) > 0 {
		stream.SetTrailer(metadata.Pairs(echoedTrailing, values[0]))
	}
}

func checkCompression(stream grpc.ServerStream, expected *pb.BoolValue) error {
	if expected == nil {
		return nil
	}
	if came := receivedIn(stream.Context()).last(); came != expected.Value {
		return status.Errorf(codes.InvalidArgument, "compressed: %v, expected: %v", came, expected.Value)
	}
	return nil
}

func wantedStatus(wanted *pb.EchoStatus) error {
	if wanted.GetCode() == 0 {
		return nil
	}
	return status.Error(codes.Code(wanted.Code), wanted.Message)
}

func zeros(size int32) *pb.Payload { return &pb.Payload{Body: make([]byte, size)} }

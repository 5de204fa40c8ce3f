enum HTTP2Module {}

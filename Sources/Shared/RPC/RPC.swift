enum RPCModule {}

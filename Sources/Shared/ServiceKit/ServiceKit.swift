enum ServiceKitModule {}

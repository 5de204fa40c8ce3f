enum PlatformModule {}

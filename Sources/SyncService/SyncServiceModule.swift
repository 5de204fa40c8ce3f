enum SyncServiceModule {}

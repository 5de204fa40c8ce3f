enum AccountServiceModule {}

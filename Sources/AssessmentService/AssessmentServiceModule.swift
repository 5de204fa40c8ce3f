enum AssessmentServiceModule {}

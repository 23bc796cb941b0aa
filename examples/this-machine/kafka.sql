-- Added to job.sql by start.ts where KAFKA_BROKERS is set: the same windows, exactly once, into Kafka.
CREATE TABLE windows_topic (
  device STRING, metric STRING, window_start TIMESTAMP(3), n BIGINT, lowest DOUBLE, highest DOUBLE, average DOUBLE
) WITH (
  'connector' = 'kafka',
  'properties.bootstrap.servers' = '${env:KAFKA_BROKERS}',
  'topic'      = '${env:KAFKA_TOPIC:-this-machine-windows}',
  'key.fields' = 'device',
  'format'     = 'json'
);

INSERT INTO windows_topic SELECT * FROM per_device;

-- Flink's own words for a topic's records, and those of devices
CREATE TABLE k (
  v INT, event_time TIMESTAMP(3) METADATA FROM 'timestamp', `partition` BIGINT METADATA VIRTUAL, `offset` BIGINT METADATA VIRTUAL,
  k STRING METADATA FROM 'key' VIRTUAL, raw BYTES METADATA FROM 'key' VIRTUAL, topic STRING METADATA VIRTUAL,
  WATERMARK FOR event_time AS event_time - INTERVAL '1' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'a');
CREATE TABLE m (
  v INT, client STRING METADATA VIRTUAL, qos INT METADATA VIRTUAL, retained BOOLEAN METADATA FROM 'retain' VIRTUAL,
  arrived TIMESTAMP_LTZ(3) METADATA FROM 'arrival' VIRTUAL
) WITH ('connector' = 'mqtt', 'topic' = 'a/#');
SELECT v, event_time, `partition`, `offset`, k, raw, topic FROM k;
SELECT v, client, qos, retained, arrived FROM m;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's own Java client as the judge of the connector: the connector's driver must not check itself.
 * `read BOOTSTRAP TOPIC ISOLATION` prints every record that such a reader sees, tab separated: partition, offset,
 * timestamp, key, headers in order (name=value), value. `tally BOOTSTRAP TOPIC ISOLATION FIELD`, for topics too large to
 * print: number of records, distinct sequences, highest sequence, distinct values and highest value of a field that is a
 * natural number. `partition COUNT` reads keys in hexadecimal, one a line, and
 * prints the partition of each. `write BOOTSTRAP TOPIC COMPRESSION` does what the lines of its input say, each by one of
 * several producers, tab separated: name, `begin`, `commit`, `abort`, or `send` with partition, key in hexadecimal (`-` for
 * none), timestamp and value (`-` for none). A producer that begins is transactional, by its name.
 */
public final class Probe {
  private static final long READ_MAX_MS = 60_000;

  public static void main(String[] args) {
    if (args[0].equals("partition")) partition(Integer.parseInt(args[1]));
    else if (args[0].equals("tally")) tally(args[1], args[2], args[3], args[4]);
    else if (args[0].equals("write")) write(args[1], args[2], args[3]);
    else {
      StringBuilder out = new StringBuilder();
      read(args[1], args[2], args[3], record -> print(out, record));
      System.out.print(out);
    }
  }

  private static void tally(String bootstrap, String topic, String isolation, String field) {
    BitSet sequences = new BitSet();
    BitSet values = new BitSet();
    int[] count = {0};
    String name = '"' + field + "\":";
    read(bootstrap, topic, isolation, record -> {
      count[0]++;
      sequences.set(Integer.parseInt(text(record.headers().lastHeader("millrace-seq").value())));
      String value = text(record.value());
      int start = value.indexOf(name) + name.length();
      int end = start;
      while (Character.isDigit(value.charAt(end))) end++;
      values.set(Integer.parseInt(value, start, end, 10));
    });
    System.out.println(count[0] + " " + sequences.cardinality() + " " + (sequences.length() - 1) + " " + values.cardinality() + " " + (values.length() - 1));
  }

  private static void partition(int count) {
    StringBuilder out = new StringBuilder();
    Scanner lines = new Scanner(System.in);
    while (lines.hasNextLine()) {
      byte[] key = HexFormat.of().parseHex(lines.nextLine());
      out.append(BuiltInPartitioner.partitionForKey(key, count)).append('\n');
    }
    System.out.print(out);
  }

  private static void write(String bootstrap, String topic, String compression) {
    Map<String, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();
    Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
    while (lines.hasNextLine()) {
      String[] words = lines.nextLine().split("\t", -1);
      boolean isTransactional = words[1].equals("begin");
      KafkaProducer<byte[], byte[]> producer = producers.computeIfAbsent(words[0], name -> {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("compression.type", compression);
        config.put("linger.ms", 20);
        if (isTransactional) config.put("transactional.id", topic + "-" + name);
        KafkaProducer<byte[], byte[]> made = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        if (isTransactional) made.initTransactions();
        return made;
      });
      switch (words[1]) {
        case "begin" -> producer.beginTransaction();
        case "commit" -> producer.commitTransaction();
        // Aborting drops what is not sent yet: it shall be in the topic.
        case "abort" -> { producer.flush(); producer.abortTransaction(); }
        case "flush" -> producer.flush();
        default -> {
          byte[] key = words[3].equals("-") ? null : HexFormat.of().parseHex(words[3]);
          byte[] value = words[5].equals("-") ? null : words[5].getBytes(StandardCharsets.UTF_8);
          producer.send(new ProducerRecord<>(topic, Integer.parseInt(words[2]), Long.parseLong(words[4]), key, value));
        }
      }
    }
    producers.values().forEach(producer -> producer.close(Duration.ofSeconds(30)));
  }

  private static void read(String bootstrap, String topic, String isolation, Consumer<ConsumerRecord<byte[], byte[]>> take) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrap);
    config.put("isolation.level", isolation);
    config.put("enable.auto.commit", false);
    config.put("auto.offset.reset", "earliest");
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      consumer.partitionsFor(topic).forEach(found -> partitions.add(new TopicPartition(topic, found.partition())));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      // A commit is answered before its markers are in all partitions, so the last stable offset may still move: read
      // until everything that stands there now is decided.
      Map<TopicPartition, Long> ends = ends(config, partitions);
      long deadline = System.currentTimeMillis() + READ_MAX_MS;
      while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
        if (System.currentTimeMillis() > deadline) throw new IllegalStateException("the end of " + topic + " is not reached");
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) take.accept(record);
      }
    }
  }

  private static Map<TopicPartition, Long> ends(Map<String, Object> config, List<TopicPartition> partitions) {
    Map<String, Object> uncommitted = new HashMap<>(config);
    uncommitted.put("isolation.level", "read_uncommitted");
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(uncommitted, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return consumer.endOffsets(partitions);
    }
  }

  private static void print(StringBuilder out, ConsumerRecord<byte[], byte[]> record) {
    out.append(record.partition()).append('\t').append(record.offset()).append('\t').append(record.timestamp()).append('\t');
    out.append(text(record.key())).append('\t');
    String separator = "";
    for (Header header : record.headers()) {
      out.append(separator).append(header.key()).append('=').append(text(header.value()));
      separator = " ";
    }
    out.append('\t').append(text(record.value())).append('\n');
  }

  private static String text(byte[] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}

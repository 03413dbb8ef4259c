// A load by librdkafka, and what it is held against. Every verb prints one JSON object.
//
//   produce SERVERS TOPIC RECORDS SIZE OUTSTANDING ACKS   records of SIZE bytes, so many without an answer at a time
//   fetch SERVERS TOPIC RECORDS                           from the beginning, by one consumer
//   mock                                                  librdkafka's own broker in memory; says where, lives as long as stdin
//   stream BYTES                                          bytes over loopback from memory, by `send` and `recv`
//   sendfile FILE BYTES                                   the same out of a file, over and over, by `sendfile`
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fail(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(1);
}

static void need(int holds, const char *what) {
  if (!holds) fail(what, strerror(errno));
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *settings[][2], void (*done)(rd_kafka_t *, const rd_kafka_message_t *, void *)) {
  char why[512];
  rd_kafka_conf_t *conf = rd_kafka_conf_new();
  for (int i = 0; settings[i][0]; i++)
    if (rd_kafka_conf_set(conf, settings[i][0], settings[i][1], why, sizeof why) != RD_KAFKA_CONF_OK) fail(settings[i][0], why);
  if (done) rd_kafka_conf_set_dr_msg_cb(conf, done);
  rd_kafka_t *made = rd_kafka_new(type, conf, why, sizeof why);
  if (!made) fail("client", why);
  return made;
}

// Produce

static long acknowledged;

static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
  (void)rk, (void)opaque;
  if (message->err) fail("a record", rd_kafka_err2str(message->err));
  acknowledged++;
}

static void produce(const char *servers, const char *topic, long records, size_t size, long outstanding, const char *acks) {
  const char *settings[][2] = {{"bootstrap.servers", servers}, {"acks", acks}, {"linger.ms", outstanding < 1000 ? "0" : "1"}, {"batch.num.messages", "10000"},
                               {"queue.buffering.max.messages", "1000000"}, {"max.in.flight", "5"}, {NULL, NULL}};
  rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, settings, delivered);
  char *value = malloc(size);
  // Bytes that no codec would shorten, though none is asked for.
  for (size_t i = 0; i < size; i++) value[i] = (char)(i * 2654435761u >> 13);
  // The first one finds the servers and the topic.
  rd_kafka_topic_t *handle = rd_kafka_topic_new(rk, topic, NULL);
  rd_kafka_produce(handle, 0, RD_KAFKA_MSG_F_COPY, value, size, NULL, 0, NULL);
  while (acknowledged < 1) rd_kafka_poll(rk, 100);
  acknowledged = 0;
  double start = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  for (long sent = 0; acknowledged < records;) {
    while (sent < records && sent - acknowledged < outstanding)
      if (rd_kafka_produce(handle, 0, 0, value, size, NULL, 0, NULL) == 0) sent++; else break;
    rd_kafka_poll(rk, sent - acknowledged < outstanding && sent < records ? 0 : 1);
  }
  printf("{\"records\": %ld, \"seconds\": %.6f, \"client_cpu_seconds\": %.6f}\n", records, seconds(CLOCK_MONOTONIC) - start,
         seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  fflush(stdout);
  _exit(0);
}

// Fetch

static void fetch(const char *servers, const char *topic, long records) {
  const char *settings[][2] = {{"bootstrap.servers", servers}, {"fetch.wait.max.ms", "100"}, {"queued.min.messages", "1000000"},
                               {"queued.max.messages.kbytes", "262144"}, {"fetch.message.max.bytes", "8388608"},
                               {"fetch.max.bytes", "52428800"}, {NULL, NULL}};
  rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, settings, NULL);
  rd_kafka_topic_t *handle = rd_kafka_topic_new(rk, topic, NULL);
  rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
  double start = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  if (rd_kafka_consume_start_queue(handle, 0, RD_KAFKA_OFFSET_BEGINNING, queue)) fail("consume", rd_kafka_err2str(rd_kafka_last_error()));
  static rd_kafka_message_t *messages[10000];
  long seen = 0, bytes = 0;
  while (seen < records) {
    ssize_t count = rd_kafka_consume_batch_queue(queue, 1000, messages, 10000);
    for (ssize_t i = 0; i < count; i++) {
      if (!messages[i]->err) seen++, bytes += (long)messages[i]->len;
      rd_kafka_message_destroy(messages[i]);
    }
  }
  printf("{\"records\": %ld, \"bytes\": %ld, \"seconds\": %.6f, \"client_cpu_seconds\": %.6f}\n", seen, bytes,
         seconds(CLOCK_MONOTONIC) - start, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  fflush(stdout);
  _exit(0);
}

// The peers

static void mock(void) {
  const char *settings[][2] = {{"client.id", "mock"}, {NULL, NULL}};
  rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, settings, NULL);
  rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(rk, 1);
  if (!cluster) fail("mock", "no cluster");
  printf("{\"servers\": \"%s\"}\n", rd_kafka_mock_cluster_bootstraps(cluster));
  fflush(stdout);
  char byte;
  while (read(0, &byte, 1) > 0) {}
  _exit(0);
}

static int sender, file = -1;
static long wanted;

static void *send_all(void *unused) {
  (void)unused;
  static char chunk[1 << 20];
  struct stat status = {0};
  if (file >= 0) need(fstat(file, &status) == 0 && status.st_size > 0, "stat");
  off_t at = 0;
  for (long left = wanted; left > 0;) {
    ssize_t count;
    if (file >= 0) {
      if (at == status.st_size) at = 0;
      size_t most = (size_t)(status.st_size - at);
      if (most > sizeof chunk) most = sizeof chunk;
      count = sendfile(sender, file, &at, most < (size_t)left ? most : (size_t)left);
    } else {
      count = send(sender, chunk, (size_t)left < sizeof chunk ? (size_t)left : sizeof chunk, 0);
    }
    need(count > 0, "send");
    left -= count;
  }
  double *cpu = malloc(sizeof *cpu);
  *cpu = seconds(CLOCK_THREAD_CPUTIME_ID);
  return cpu;
}

// What arrives is looked at no further: how fast bytes go, and what sending them costs.
static void stream(long bytes, const char *path) {
  wanted = bytes;
  if (path) need((file = open(path, O_RDONLY)) >= 0, path);
  int listener = socket(AF_INET, SOCK_STREAM, 0), receiver;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  need(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 1) == 0, "listen");
  need(getsockname(listener, (struct sockaddr *)&address, &size) == 0, "name");
  sender = socket(AF_INET, SOCK_STREAM, 0);
  need(connect(sender, (struct sockaddr *)&address, size) == 0, "connect");
  need((receiver = accept(listener, NULL, NULL)) >= 0, "accept");
  static char chunk[1 << 20];
  pthread_t thread;
  double start = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_THREAD_CPUTIME_ID);
  pthread_create(&thread, NULL, send_all, NULL);
  for (long left = bytes; left > 0;) {
    ssize_t count = recv(receiver, chunk, sizeof chunk, 0);
    need(count > 0, "receive");
    left -= count;
  }
  double took = seconds(CLOCK_MONOTONIC) - start, receiving = seconds(CLOCK_THREAD_CPUTIME_ID) - cpu, *sending;
  pthread_join(thread, (void **)&sending);
  printf("{\"bytes\": %ld, \"seconds\": %.6f, \"sending_cpu_seconds\": %.6f, \"receiving_cpu_seconds\": %.6f}\n", bytes, took, *sending,
         receiving);
}

int main(int count, char **words) {
  const char *verb = count > 1 ? words[1] : "";
  if (!strcmp(verb, "produce") && count == 8)
    produce(words[2], words[3], atol(words[4]), (size_t)atol(words[5]), atol(words[6]), words[7]);
  else if (!strcmp(verb, "fetch") && count == 5) fetch(words[2], words[3], atol(words[4]));
  else if (!strcmp(verb, "mock")) mock();
  else if (!strcmp(verb, "stream") && count == 3) stream(atol(words[2]), NULL);
  else if (!strcmp(verb, "sendfile") && count == 4) stream(atol(words[3]), words[2]);
  else fail("usage", "see the head of Benchmarks/KafkaLoad/main.c");
  return 0;
}

"""Appends the events of an NDJSON file to UmaDB from several processes in batches; prints events per second.

The batches are built before the clock starts. Each event carries the same bytes as a post to the engine, its type, and one tag, its case.
"""

import json
import multiprocessing
import sys
import time

import umadb


def client(url, batches, barrier, times):
    # The server may still be starting.
    for _ in range(100):
        try:
            connection = umadb.Client(url)
            connection.head()
            break
        except umadb.TransportError:
            time.sleep(0.1)
    barrier.wait()
    start = time.monotonic()
    for batch in batches:
        connection.append(batch)
    times.put((start, time.monotonic()))


def main():
    url, path, clients, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    events = []
    with open(path, "rb") as lines:
        for line in lines:
            line = line.rstrip(b"\n")
            event = json.loads(line)
            events.append(umadb.Event(event["type"], line, tags=[event["subject"]]))
    batches = [events[i : i + size] for i in range(0, len(events), size)]
    context = multiprocessing.get_context("fork")
    barrier, times = context.Barrier(clients), context.Queue()
    workers = [context.Process(target=client, args=(url, batches[n::clients], barrier, times)) for n in range(clients)]
    for worker in workers:
        worker.start()
    spans = [times.get() for _ in workers]
    for worker in workers:
        worker.join()
    print(len(events) / (max(end for _, end in spans) - min(start for start, _ in spans)))


main()

// The account that the emulator shows: how much of what, and the words of its replies.
#ifndef FLEET_H
#define FLEET_H
#include <stddef.h>
#include <stdint.h>

// Grows as it is written to; never shrinks.
struct text {
    char *bytes;
    size_t count, room;
};
void put(struct text *to, const char *bytes, size_t count);
void say(struct text *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct fleet {
    int buckets, roles, keys, topics;          // keys and topics in each region
    int instances, volumes, groups;            // in each region
    int regions;
    // Of 1000 assets so many differ from what they were in the generation before.
    int churn, generation;
};
extern struct fleet fleet;
extern const char *const region_names[];
extern const int region_names_count;

struct call {
    char service[32], region[32], operation[64];
    char account[16];                 // whose session signs; each account has the same fleet
    const char *path, *query, *body;  // terminated
};

// Writes the reply's body and returns its status.
int answer(const struct call *call, struct text *out, const char **content_type);
// The least number of calls for the fleet: largest pages, and one call for each thing that no batch tells.
long least_calls(void);
long asset_count(void);
#endif

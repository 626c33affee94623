#ifndef CLMDB_SHIM_H
#define CLMDB_SHIM_H

// The whole of LMDB's C interface, for `Sources/LMDB` alone. Nothing is wrapped: Swift imports every function that target calls.
#include <lmdb.h>

// Oldest version this project was read and tested against (Debian 12). An older one is refused here, at compile time.
#if MDB_VERSION_FULL < MDB_VERINT(0, 9, 24)
#error "LMDB 0.9.24 or newer is needed (apt install liblmdb-dev)"
#endif

// ITS#9278, in 0.9.26 to 0.9.31, brought "incorrect, numerous race conditions" to the robust-mutex clean-up; ITS#10095 took it out again in 0.9.32.
#if MDB_VERSION_FULL >= MDB_VERINT(0, 9, 26) && MDB_VERSION_FULL < MDB_VERINT(0, 9, 32)
#error "LMDB 0.9.26 to 0.9.31 must not be used (ITS#9278, ITS#10095): take 0.9.24, 0.9.25, or 0.9.32 or newer"
#endif

#endif

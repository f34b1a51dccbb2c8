#error "macOS has no POSIX message queues"

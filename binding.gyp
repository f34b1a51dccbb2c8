{
  # A compiler that is newer than this source may warn of more: only our own builds stop at that.
  "variables": { "warnings_are_errors%": 0 },
  "targets": [
    {
      "target_name": "hostmq",
      "sources": [
        "native/addon.cc",
        "native/freestanding.cc",
        "native/readiness_channel.cc",
        "native/wakeup_signal.cc",
        "native/posix/mqueue_calls.cc",
        "native/posix/readiness_poller.cc",
        "native/sysv/blocking_call.cc",
        "native/sysv/deadline_timer.cc",
        "native/sysv/msg_calls.cc",
        "native/sysv/waiter_calls.cc"
      ],
      "include_dirs": [
        "<!(node scripts/node-addon-api-folder.js)",
        "native"
      ],
      "defines": [
        "NAPI_VERSION=8",
        "NAPI_DISABLE_CPP_EXCEPTIONS",
        "NODE_ADDON_API_DISABLE_DEPRECATED",
        "_GLIBCXX_ASSERTIONS=1"
      ],
      "cflags_cc!": ["-std=gnu++14", "-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": [
        "-std=c++17",
        "-Wall",
        "-Wextra",
        "-O2",
        "-fno-exceptions",
        "-fno-rtti",
        "-fno-threadsafe-statics",
        "-fno-asynchronous-unwind-tables",
        "-fvisibility=hidden",
        "-ffunction-sections",
        "-U_FORTIFY_SOURCE"
      ],
      "conditions": [
        ["warnings_are_errors==1", { "cflags_cc": ["-Werror"] }],
        [
          "OS=='linux'",
          {
            "ldflags": [
              "-nostdlib",
              "-Wl,--exclude-libs,ALL",
              "-Wl,--as-needed",
              "-Wl,--gc-sections",
              "-Wl,-z,now",
              "-Wl,-z,nodelete",
              "-Wl,--version-script=<(module_root_dir)/native/exports.map"
            ],
            "libraries!": ["-lm", "-lstdc++"]
          }
        ]
      ]
    }
  ]
}

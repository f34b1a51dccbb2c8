{
  # A compiler that is newer than this source may warn of more: only our own builds stop at that.
  "variables": { "warnings_are_errors%": 0 },
  "targets": [
    {
      "target_name": "hostmq",
      "sources": [
        "native/addon.cc",
        "native/readiness_channel.cc",
        "native/wakeup_signal.cc",
        "native/posix/mqueue_calls.cc",
        "native/sysv/blocking_call.cc",
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
        # What differs between systems is in folders of their names; native/unix is for all but Linux.
        [
          "OS=='linux'",
          {
            "sources": [
              "native/linux/deadline_timer.cc",
              "native/linux/freestanding.cc",
              "native/linux/msg_info.cc",
              "native/linux/readiness_poller.cc"
            ],
            "include_dirs": ["native/linux"],
            "ldflags": [
              "-nostdlib",
              "-Wl,--exclude-libs,ALL",
              "-Wl,--as-needed",
              "-Wl,--gc-sections",
              "-Wl,-z,now",
              "-Wl,-z,nodelete",
              "-Wl,--version-script=<(module_root_dir)/native/linux/exports.map"
            ],
            "libraries!": ["-lm", "-lstdc++"]
          },
          {
            "sources": [
              "native/unix/deadline_timer.cc",
              "native/unix/msg_info.cc",
              "native/unix/readiness_poller.cc"
            ],
            "include_dirs": ["native/unix"]
          }
        ],
        [
          "OS=='mac'",
          {
            "include_dirs": ["native/darwin"],
            "xcode_settings": {
              "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
              "GCC_ENABLE_CPP_EXCEPTIONS": "NO",
              "GCC_ENABLE_CPP_RTTI": "NO",
              "GCC_SYMBOLS_PRIVATE_EXTERN": "YES",
              "MACOSX_DEPLOYMENT_TARGET": "11.0"
            }
          }
        ],
        ["OS=='freebsd'", { "include_dirs": ["native/freebsd"] }],
        [
          "OS=='netbsd'",
          {
            "sources": ["native/netbsd/nonblocking_descriptors.cc"],
            "include_dirs": ["native/netbsd"],
            "libraries": ["-lrt"]
          }
        ],
        ["OS=='openbsd'", { "include_dirs": ["native/openbsd"] }]
      ]
    }
  ]
}

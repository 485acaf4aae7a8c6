#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace tillrig::kernel {

// Work to be run once: a move-only callable of no arguments. What fits in kInline bytes and moves
// without throwing lives inside; anything else on the heap. Destroying a Task that was never run
// destroys the callable, which is how the work of a closed lane ends.
class Task {
 public:
  static constexpr std::size_t kInline = 48;

  Task() = default;

  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Task> &&
           std::is_invocable_v<std::remove_cvref_t<F>&>)
      Task(F&& callable) {  // NOLINT(google-explicit-constructor): any callable is a task
    using Held = std::remove_cvref_t<F>;
    if constexpr (kFits<Held>) {
      ::new (static_cast<void*>(room_)) Held(std::forward<F>(callable));
      ops_ = &kInside<Held>;
    } else {
      ::new (static_cast<void*>(room_)) Held*(new Held(std::forward<F>(callable)));
      ops_ = &kOutside<Held>;
    }
  }

  Task(Task&& other) noexcept { take(other); }
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { reset(); }

  explicit operator bool() const { return ops_ != nullptr; }

  // Runs the callable; it stays until reset() or destruction. Not to be called on an empty Task.
  void operator()() { ops_->call(room_); }

  // Asks the cache for the callable and what its first word points to, as most point to what they
  // work on: a coroutine's frame, an object. Reads nothing but the word, whatever it is.
  void prefetch() const {
    if (ops_ == nullptr) return;
    const void* first = nullptr;
    std::memcpy(&first, room_, sizeof first);
    __builtin_prefetch(first);
  }

  // Empty afterwards. The Task counts as empty already while the callable's destructor runs.
  void reset() noexcept {
    const Ops* ops = std::exchange(ops_, nullptr);
    if (ops != nullptr && ops->destroy != nullptr) ops->destroy(room_);
  }

 private:
  struct Ops {
    void (*call)(void* room);
    void (*move)(void* to, void* from) noexcept;  // null: a plain copy of the bytes
    void (*destroy)(void* room) noexcept;         // null: nothing to do
  };

  template <class F>
  static constexpr bool kFits =
      sizeof(F) <= kInline &&
      alignof(F) <= alignof(void*) && std::is_nothrow_move_constructible_v<F>;

  template <class F>
  static F& inside(void* room) {
    return *std::launder(static_cast<F*>(room));
  }
  template <class F>
  static F* outside(void* room) {
    return *std::launder(static_cast<F**>(room));
  }

  template <class F>
  static void move_inside(void* to, void* from) noexcept {
    F& old = inside<F>(from);
    ::new (to) F(std::move(old));
    old.~F();  // NOLINT(bugprone-use-after-move): ended is not used
  }

  template <class F>
  static void destroy_inside(void* room) noexcept {
    inside<F>(room).~F();
  }

  template <class F>
  static constexpr Ops kInside{
      [](void* room) { inside<F>(room)(); },
      std::is_trivially_copyable_v<F> ? nullptr : &move_inside<F>,
      std::is_trivially_destructible_v<F> ? nullptr : &destroy_inside<F>,
  };

  template <class F>
  static constexpr Ops kOutside{[](void* room) { (*outside<F>(room))(); }, nullptr,
                                [](void* room) noexcept { delete outside<F>(room); }};

  void take(Task& other) noexcept {
    ops_ = std::exchange(other.ops_, nullptr);
    if (ops_ == nullptr) return;
    if (ops_->move != nullptr) {
      ops_->move(room_, other.room_);
    } else {
      std::memcpy(room_, other.room_, kInline);
    }
  }

  alignas(void*) unsigned char room_[kInline];
  const Ops* ops_ = nullptr;
};

}  // namespace tillrig::kernel

#include "include/quench_gdcm.h"

#include <dlfcn.h>

#include <cstring>
#include <exception>
#include <new>

#include <gdcm-3.0/gdcmDataElement.h>
#include <gdcm-3.0/gdcmFragment.h>
#include <gdcm-3.0/gdcmJPEGLSCodec.h>
#include <gdcm-3.0/gdcmSequenceOfFragments.h>
#include <gdcm-3.0/gdcmTrace.h>
#include <gdcm-3.0/gdcmVersion.h>

#include "assertion_guard.h"

namespace {

struct Work {
    const quench_gdcm_frame *frame;
    const uint8_t *input;
    size_t length;
    uint8_t *output = nullptr;
    size_t capacity = 0;
    quench_gdcm_status status = QUENCH_GDCM_REFUSED;
    char *error;
    size_t errorCapacity;

    void fail(quench_gdcm_status code, const char *message) noexcept {
        status = code;
        if (error == nullptr || errorCapacity == 0) return;
        std::strncpy(error, message, errorCapacity - 1);
        error[errorCapacity - 1] = 0;
    }
};

// GDCM's own messages go to std::cerr and may quote a file's content.
void silence() noexcept {
    static const bool once = [] {
        gdcm::Trace::DebugOff();
        gdcm::Trace::WarningOff();
        gdcm::Trace::ErrorOff();
        return true;
    }();
    (void)once;
}

uint16_t bitsAllocated(const quench_gdcm_frame &frame) {
    return frame.precision <= 8 ? 8 : 16;
}

void describe(gdcm::ImageCodec &codec, const quench_gdcm_frame &frame) {
    const unsigned int dimensions[3] = {frame.columns, frame.rows, 1};
    const auto stored = static_cast<uint16_t>(frame.precision);
    codec.SetNumberOfDimensions(2);
    codec.SetDimensions(dimensions);
    codec.SetPixelFormat(gdcm::PixelFormat(
        static_cast<uint16_t>(frame.samples), bitsAllocated(frame), stored, static_cast<uint16_t>(stored - 1), 0));
    codec.SetPhotometricInterpretation(
        frame.samples == 3 ? gdcm::PhotometricInterpretation::RGB : gdcm::PhotometricInterpretation::MONOCHROME2);
    codec.SetPlanarConfiguration(0);
    codec.SetNeedByteSwap(false);
    codec.SetNeedOverlayCleanup(false);
}

gdcm::DataElement encapsulated(const uint8_t *stream, size_t length) {
    gdcm::SmartPointer<gdcm::SequenceOfFragments> fragments = new gdcm::SequenceOfFragments;
    gdcm::Fragment fragment;
    fragment.SetByteValue(reinterpret_cast<const char *>(stream), static_cast<uint32_t>(length));
    fragments->AddFragment(fragment);
    gdcm::DataElement element(gdcm::Tag(0x7fe0, 0x0010), 0, gdcm::VR::OB);
    element.SetValue(*fragments);
    return element;
}

void decode(Work &work) {
    gdcm::JPEGLSCodec codec;
    describe(codec, *work.frame);
    gdcm::DataElement element = encapsulated(work.input, work.length);
    gdcm::DataElement result;
    if (!codec.Decode(element, result)) return work.fail(QUENCH_GDCM_REFUSED, "the codec refuses the stream");
    const gdcm::ByteValue *value = result.GetByteValue();
    // A value of odd length has been padded.
    if (value == nullptr || static_cast<size_t>(value->GetLength()) < work.capacity ||
        static_cast<size_t>(value->GetLength()) > work.capacity + 1)
        return work.fail(QUENCH_GDCM_MISMATCH, "the decoded frame hasn't the length that it should have");
    std::memcpy(work.output, value->GetPointer(), work.capacity);
    work.status = QUENCH_GDCM_OK;
}

template <void (*body)(Work &)>
void caught(void *context) noexcept {
    Work &work = *static_cast<Work *>(context);
    try {
        body(work);
    } catch (const std::bad_alloc &) {
        work.fail(QUENCH_GDCM_OUT_OF_MEMORY, "no memory for the frame");
    } catch (...) {
        work.fail(QUENCH_GDCM_EXCEPTION, "the codec threw an exception");
    }
}

template <void (*body)(Work &)>
void run(Work &work) noexcept {
    silence();
    if (work.length > INT32_MAX || work.capacity > INT32_MAX)
        return work.fail(QUENCH_GDCM_MISMATCH, "the frame is larger than 2 GiB");
    if (quench_gdcm_guard(&caught<body>, &work) != 0)
        work.fail(QUENCH_GDCM_ASSERTION, "an assertion failed in the codec");
}

void failAssertion(Work &) { quench_gdcm_raise_assertion(); }

const char *version(const char *function) noexcept {
    using Function = const char *(*)();
    auto found = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, function));
    return found == nullptr ? nullptr : found();
}

}  // namespace

quench_gdcm_status quench_gdcm_decode_jpegls(
    const quench_gdcm_frame *frame, const uint8_t *stream, size_t length, uint8_t *samples,
    size_t capacity, char *error, size_t error_capacity) noexcept {
    Work work{frame, stream, length, samples, capacity, QUENCH_GDCM_REFUSED, error, error_capacity};
    run<decode>(work);
    return work.status;
}

const char *quench_gdcm_version(void) noexcept { return gdcm::Version::GetVersion(); }

const char *quench_gdcm_charls_version(void) noexcept { return version("charls_get_version_string"); }

quench_gdcm_status quench_gdcm_fail_assertion(void) noexcept {
    Work work{nullptr, nullptr, 0, nullptr, 0, QUENCH_GDCM_REFUSED, nullptr, 0};
    run<failAssertion>(work);
    return work.status;
}
